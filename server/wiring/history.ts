/** The history with a table object for each noun. */
import { sql } from 'kysely';
import type { Clock } from '#base/clock.ts';
import type { SecretBox } from '#base/secret.ts';
import { Audit } from '#store/audit.ts';
import { Captures } from '#store/captures.ts';
import { openDatabase } from '#store/database.ts';
import { Events } from '#store/events.ts';
import { HubValues } from '#store/hub-values.ts';
import { Keys } from '#store/keys.ts';
import { Sessions } from '#store/sessions.ts';
import { Users } from '#store/users.ts';

/** The tables of a hub. */
export interface History extends AsyncDisposable {
  notices: string[];
  captures: Captures;
  events: Events;
  users: Users;
  sessions: Sessions;
  keys: Keys;
  audit: Audit;
  values: HubValues;
  /** Rejects when it does not answer. */
  ask(): Promise<void>;
}

/** Opens the file. Throws `database-failed`. */
export async function openHistory(file: string, box: SecretBox, clock: Clock): Promise<History> {
  const opened = await openDatabase(file, clock);
  const { db, notices } = opened;
  return {
    notices,
    captures: new Captures(db),
    events: new Events(db),
    users: new Users(db),
    sessions: new Sessions(db),
    keys: new Keys(db),
    audit: new Audit(db),
    values: new HubValues(db, box),
    ask: async () => void (await sql`SELECT 1`.execute(db)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
