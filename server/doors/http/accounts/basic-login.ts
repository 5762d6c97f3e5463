/** Basic logins of players and NVRs, which send name and password with every picture: checked slowly once. */
import { createHmac, randomBytes } from 'node:crypto';
import type { AccountTables } from '#doors/http/services.ts';
import type { User } from '#model/user.ts';
import type { Accounts } from './accounts.ts';

const REMEMBERED = 200;

/** Remembers which name and password were right, until the user's password changes. */
export class BasicLogins {
  readonly #accounts: Pick<Accounts, 'check'>;
  readonly #users: Pick<AccountTables['users'], 'findWithHash'>;
  readonly #salt = randomBytes(32);
  readonly #known = new Map<string, { userId: string; passwordHash: string }>();

  constructor(accounts: Pick<Accounts, 'check'>, users: Pick<AccountTables['users'], 'findWithHash'>) {
    this.#accounts = accounts;
    this.#users = users;
  }

  /** The user as it is now. Throws `login-failed` or `too-many-requests`. */
  async check(name: string, password: string, address: string): Promise<User> {
    const key = createHmac('sha256', this.#salt).update(`${name}\0${password}`).digest('base64');
    const known = this.#known.get(key);
    const found = known && (await this.#users.findWithHash(known.userId));
    if (found && found.passwordHash === known.passwordHash) return found.user;
    this.#known.delete(key);
    const user = await this.#accounts.check(name, password, address);
    const now = await this.#users.findWithHash(user.id);
    if (now) this.#remember(key, { userId: user.id, passwordHash: now.passwordHash });
    return user;
  }

  #remember(key: string, entry: { userId: string; passwordHash: string }): void {
    this.#known.set(key, entry);
    if (this.#known.size <= REMEMBERED) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
