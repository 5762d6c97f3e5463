/** Puts the findings of a problem at the fields that they are about. */
import type { FieldProblem } from '#app/net/request.ts';

/** Sentences by field path. */
export type FieldErrors = Record<string, string>;

/** Findings by path; `rest` holds those whose path no field of the form has. */
export function placeErrors(
  problems: readonly FieldProblem[],
  known: readonly string[],
): { byField: FieldErrors; rest: string[] } {
  const byField: FieldErrors = {};
  const rest: string[] = [];
  for (const { path, message } of problems) {
    const field = known.find(name => path === name) ?? known.find(name => path.startsWith(`${name}.`));
    if (field === undefined) rest.push(`${path} ${message}`);
    else byField[field] = byField[field] ? `${byField[field]}; ${message}` : sentence(message);
  }
  return { byField, rest };
}

/** The findings without that of a field, such as one that is being corrected. */
export function withoutError(errors: FieldErrors, name: string): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([path]) => path !== name));
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
