/** The login of the built-in broker: made at the first start, kept sealed. */
import { asGlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { randomToken, type SecretBox } from '#base/secret.ts';
import type { BrokerLogin } from './broker.ts';

const USERNAME = 'glimpser';

/** Where the sealed password is kept. */
export interface BrokerPasswordStore {
  get(): Promise<string | undefined>;
  set(sealed: string): Promise<void>;
}

/** The stored login, or a new one when there is none or it cannot be opened. */
export async function brokerLogin(
  store: BrokerPasswordStore,
  box: SecretBox,
  log: Log,
): Promise<BrokerLogin> {
  const sealed = await store.get();
  const stored = sealed === undefined ? undefined : openPassword(sealed, box, log);
  if (stored !== undefined) return { username: USERNAME, password: stored };
  const password = randomToken();
  await store.set(box.seal(password));
  return { username: USERNAME, password };
}

function openPassword(sealed: string, box: SecretBox, log: Log): string | undefined {
  try {
    return box.open(sealed);
  } catch (thrown) {
    log.warning(`The built-in broker gets a new password. ${asGlimpserError(thrown).message}`);
    return undefined;
  }
}
