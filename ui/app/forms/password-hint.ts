/** How strong a password is, in one sentence and three steps; length counts most. */

/** A hint below a new password. */
export interface PasswordHint {
  /** 0 nothing typed, 1 weak, 2 fair, 3 strong. */
  steps: 0 | 1 | 2 | 3;
  sentence: string;
}

/** Shortest password that the hub takes. */
export const SHORTEST = 8;

/** Judges a password; never sends it anywhere. */
export function passwordHint(password: string): PasswordHint {
  if (password === '')
    return {
      steps: 0,
      sentence: `At least ${SHORTEST} characters. Three or four random words are easy to keep.`,
    };
  if (password.length < SHORTEST) {
    const missing = SHORTEST - password.length;
    return { steps: 1, sentence: `${missing} more character${missing === 1 ? '' : 's'}, please.` };
  }
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length;
  const isDull = new Set(password.toLowerCase()).size < 5 || /^(password|1234|qwert)/i.test(password);
  if (isDull) return { steps: 1, sentence: 'Easy to guess. Mix in words that do not belong together.' };
  if (password.length >= 16 || (password.length >= 12 && kinds >= 3)) {
    return { steps: 3, sentence: 'Strong.' };
  }
  return { steps: 2, sentence: 'Fair. A few more characters make it strong.' };
}
