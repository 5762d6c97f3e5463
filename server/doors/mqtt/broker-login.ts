/** The login of the built-in broker: made at the first start and kept. */
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { randomToken } from '#base/secret.ts';
import type { BrokerLogin } from './broker.ts';

const USERNAME = 'glimpser';

/** Where the password is kept; the store seals it. */
export interface BrokerPasswordStore {
  /** Throws `secret-unreadable` when it was sealed under another key. */
  get(): Promise<string | undefined>;
  set(password: string): Promise<void>;
}

/** The stored login, or a new one when there is none or it cannot be read any more. */
export async function brokerLogin(store: BrokerPasswordStore, log: Log): Promise<BrokerLogin> {
  const stored = await readPassword(store, log);
  if (stored !== undefined) return { username: USERNAME, password: stored };
  const password = randomToken();
  await store.set(password);
  return { username: USERNAME, password };
}

async function readPassword(store: BrokerPasswordStore, log: Log): Promise<string | undefined> {
  try {
    return await store.get();
  } catch (thrown) {
    if (!(thrown instanceof GlimpserError) || thrown.code !== 'secret-unreadable') throw thrown;
    log.warning(`The built-in broker gets a new password. ${thrown.message}`);
    return undefined;
  }
}
