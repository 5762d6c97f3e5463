/** The history with a table object for each noun. */
import { sql } from 'kysely';
import { type Clock, isoTime } from '#base/clock.ts';
import { sentenceOf } from '#base/errors.ts';
import type { SecretBox } from '#base/secret.ts';
import type { LastSeen } from '#model/state.ts';
import { Audit } from '#store/audit.ts';
import { Captures } from '#store/captures.ts';
import { openDatabase } from '#store/database.ts';
import { Events } from '#store/events.ts';
import { HubValues } from '#store/hub-values.ts';
import { Keys } from '#store/keys.ts';
import { LinkEpochs } from '#store/link-epochs.ts';
import { MissingSources } from '#store/missing-sources.ts';
import { Sessions } from '#store/sessions.ts';
import { SourceStates } from '#store/states.ts';
import { StreamLoginBook } from '#store/stream-logins.ts';
import { Users } from '#store/users.ts';

/** The tables of a hub. */
export interface History extends AsyncDisposable {
  notices: string[];
  /** When it began, in ISO 8601. */
  beganAt: string;
  /** What was known of each source when the hub stopped. */
  lastSeen: ReadonlyMap<string, LastSeen>;
  /** Sentences about what is wrong now. */
  problems(): string[];
  captures: Captures;
  events: Events;
  users: Users;
  sessions: Sessions;
  keys: Keys;
  audit: Audit;
  linkEpochs: LinkEpochs;
  values: HubValues;
  states: SourceStates;
  missing: MissingSources;
  streamLogins: StreamLoginBook;
  /** Rejects when it does not answer. */
  ask(): Promise<void>;
}

/** Opens the file. Throws `database-failed`. */
export async function openHistory(file: string, box: SecretBox, clock: Clock): Promise<History> {
  const opened = await openDatabase(file, clock);
  const { db, notices, beganAt, problems } = opened;
  const captures = new Captures(db);
  const states = new SourceStates(db);
  const lastSeen = await readLastSeen(states, captures).catch(thrown => {
    notices.push(sentenceOf(thrown));
    return new Map<string, LastSeen>();
  });
  const values = new HubValues(db, box);
  const streamLogins = await StreamLoginBook.open(values, sentence => notices.push(sentence));
  return {
    ...{ notices, beganAt, lastSeen, problems, captures, states },
    missing: new MissingSources(db),
    events: new Events(db),
    users: new Users(db),
    sessions: new Sessions(db),
    keys: new Keys(db),
    audit: new Audit(db),
    linkEpochs: new LinkEpochs(db),
    values,
    streamLogins,
    ask: async () => void (await sql`SELECT 1`.execute(db)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

const UNSEEN: LastSeen = { lastFrameAt: null, captureMs: null, width: null, height: null, bytes: null };

/** States are written now and then, so after a crash the newest capture may be newer than they are. */
async function readLastSeen(states: SourceStates, captures: Captures): Promise<Map<string, LastSeen>> {
  const seen = await states.lastSeen();
  for (const [id, at] of await captures.newestAt()) {
    const known = seen.get(id) ?? UNSEEN;
    if (known.lastFrameAt === null || Date.parse(known.lastFrameAt) < at)
      seen.set(id, { ...known, lastFrameAt: isoTime(at) });
  }
  return seen;
}
