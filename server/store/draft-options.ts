/** The options of a draft: masked secrets filled in, logins taken out of addresses, and what no kind can check refused. */

import { isReadable, readUrl } from '#base/egress-url.ts';
import { asGlimpserError, type FieldError } from '#base/errors.ts';
import { splitLogin } from '#base/http-login.ts';
import { isSealed } from '#base/secret.ts';
import type { KindCatalog } from '#model/services.ts';
import { KEPT_SECRET, type Source, type SourceDraft } from '#model/source.ts';

/** What a draft means: secrets that came back masked are the stored ones, and the login has fields of its own. */
export function givenOptions(
  draft: SourceDraft,
  before: Source | undefined,
  kinds: KindCatalog,
): Record<string, unknown> {
  return moveLogin(keepSecrets(draft, before, kinds), kinds.find(draft.kind)?.options);
}

/** What is wrong with options that their kind took: addresses that two could read differently, and secrets that look sealed. */
export function wrongOptions(options: Record<string, unknown>, secrets: readonly string[]): FieldError[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    const message = secrets.includes(name) ? wrongSecret(value) : wrongUrl(name, value);
    return message === undefined ? [] : [{ path: `options.${name}`, message }];
  });
}

function wrongSecret(value: string): string | undefined {
  if (!isSealed(value)) return undefined;
  return 'begins with enc:v1:, which marks sealed text in the settings file. Choose another one';
}

function wrongUrl(name: string, value: string): string | undefined {
  if (!/url$/i.test(name) || !isReadable(value)) return undefined;
  try {
    readUrl(value, [value.slice(0, value.indexOf(':'))]);
    return undefined;
  } catch (thrown) {
    return asGlimpserError(thrown).message;
  }
}

function keepSecrets(
  draft: SourceDraft,
  before: Source | undefined,
  kinds: KindCatalog,
): Record<string, unknown> {
  if (!kinds.find(draft.kind)) return draft.options;
  const secrets = new Set(kinds.secretsOf(draft.kind));
  const options = Object.entries(draft.options).flatMap(([name, value]) => {
    if (!secrets.has(name) || value !== KEPT_SECRET) return [[name, value] as const];
    const stored = before?.options[name];
    return stored === undefined ? [] : [[name, stored] as const];
  });
  return Object.fromEntries(options);
}

/** `rtsp://user:password@host/` would show the password in every list: the login moves to its own fields. */
function moveLogin(
  options: Record<string, unknown>,
  schema: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const fields = (schema?.['properties'] ?? {}) as Record<string, unknown>;
  if (!('username' in fields) || !('password' in fields)) return options;
  const addresses = Object.entries(options).flatMap(([name, value]) =>
    /url$/i.test(name) && typeof value === 'string' ? [{ name, ...splitLogin(value, '', '') }] : [],
  );
  const login = addresses.find(address => address.login)?.login;
  if (!login) return options;
  const bare = Object.fromEntries(addresses.map(({ name, url }) => [name, url]));
  return { ...login, ...withoutEmpty(options, ['username', 'password']), ...bare };
}

function withoutEmpty(options: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => !(names.includes(name) && value === '')),
  );
}
