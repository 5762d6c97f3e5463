/** What a schema says of a wrong value, in our words: it begins with a verb, so that the name of the field can stand before it. */
import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'an instant',
  null: 'null',
};

const FORMS: Record<string, string> = {
  url: 'must be an address such as https://glimpser.example',
  email: 'must be an e-mail address',
  datetime: 'must be an instant such as 2026-01-31T12:00:00Z',
};

/** What is wrong, such as “must be true or false”. */
export function wordsOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue);
    case 'too_small':
    case 'too_big':
      return sizeWords(issue);
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return FORMS[issue.format] ?? 'has the wrong form';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `does not know ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return unionWords(issue);
    case 'invalid_key':
      return 'has a key that is not allowed';
    case 'invalid_element':
      return 'has an entry that is not allowed';
    default:
      return undefined;
  }
}

function typeWords({ expected, input }: Extract<Issue, { code: 'invalid_type' }>): string {
  const wanted = `must be ${TYPES[expected] ?? expected}`;
  return input === undefined ? `is missing; it ${wanted}` : wanted;
}

function sizeWords(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const isLeast = issue.code === 'too_small';
  const bound = Number(isLeast ? issue.minimum : issue.maximum);
  const units = { string: ['character', 'characters'], array: ['entry', 'entries'] }[issue.origin as string];
  const unit = units?.[bound === 1 ? 0 : 1];
  if (unit === undefined) return numberWords(isLeast, bound, issue.inclusive !== false);
  if (issue.exact) return `must have exactly ${bound} ${unit}`;
  if (isLeast && bound === 1) return 'must not be empty';
  return `must have ${isLeast ? 'at least' : 'at most'} ${bound} ${unit}`;
}

function numberWords(isLeast: boolean, bound: number, isInclusive: boolean): string {
  if (isInclusive) return `must be ${isLeast ? 'at least' : 'at most'} ${bound}`;
  return `must be ${isLeast ? 'more' : 'less'} than ${bound}`;
}

/** Of a choice of forms, what each says about the value as a whole; deeper findings would name the wrong form. */
function unionWords({ errors = [] }: Extract<Issue, { code: 'invalid_union' }>): string {
  const said = errors.flatMap(findings =>
    findings.filter(({ path }) => path.length === 0).map(f => f.message),
  );
  return said.length === 0 ? 'has none of the forms that are allowed' : [...new Set(said)].join(', or ');
}

// For every schema of the hub, whoever asks it; a message that a schema brings itself wins.
z.config({ customError: wordsOf });
