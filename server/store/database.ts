/** The history: SQLite through Kysely, migrated at start; a damaged file is put aside and said. */
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Clock, isoTime } from '#base/clock.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { DAMAGE_SENTENCE, damage, isDamage, openNodeSqlite } from './node-sqlite.ts';
import type { Tables } from './tables.ts';

/** The history of a hub. */
export type Database = Kysely<Tables>;

/** An open history and what had to be said about it. */
export interface OpenedDatabase extends AsyncDisposable {
  db: Database;
  /** Sentences for the log and the page; empty when all is well. */
  notices: string[];
  /** When this history began, in ISO 8601. */
  beganAt: string;
  /** Sentences about what is wrong now: damage that came to light since the start. */
  problems(): string[];
}

const MIGRATIONS = join(import.meta.dirname, 'migrations');
/** Before the first hub. */
const FIRST_DAY = '2025';
const NO_DAY = '9999-12-31T00:00:00.000Z';
const BUSY_MS = 5000;
const IN_MEMORY = ':memory:';
/** A file of this ending says that damage came to light. */
const DOUBT = '.doubtful';
const DOUBTS = ['-wal', DOUBT];

/** Opens the file, or starts a new one when it is damaged. Throws `database-failed` when neither works. */
export async function openDatabase(file: string, clock: Clock, busyMs = BUSY_MS): Promise<OpenedDatabase> {
  const notices: string[] = [];
  try {
    return await openOnce(file, notices, busyMs);
  } catch (thrown) {
    if (!isDamage(thrown)) throw failed(file, thrown);
    const aside = await putAside(file, clock);
    notices.push(
      `The history ${file} was damaged. It was put aside as ${aside}, and an empty one was started. Accounts have to be set up again.`,
    );
  }
  try {
    return await openOnce(file, notices, busyMs);
  } catch (thrown) {
    throw failed(file, thrown);
  }
}

/** Made before SQLite makes it: it holds accounts, and the files that SQLite adds beside it get the same rights. */
async function keepPrivate(file: string): Promise<void> {
  if (file === IN_MEMORY) return;
  const made = await open(file, 'a', 0o600);
  // Some file systems know no rights.
  await made.chmod(0o600).catch(() => undefined);
  await made.close();
}

async function openOnce(file: string, notices: string[], busyMs: number): Promise<OpenedDatabase> {
  const isDoubtful = DOUBTS.some(ending => existsSync(file + ending));
  let isDamaged = false;
  const onDamage = () => {
    if (!isDamaged && file !== IN_MEMORY) void writeFile(file + DOUBT, '').catch(() => undefined);
    isDamaged = true;
  };
  await keepPrivate(file);
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: async () => openNodeSqlite(file, onDamage, busyMs) }),
  });
  try {
    if (isDoubtful) await check(db);
    await migrate(db);
    await rm(file + DOUBT, { force: true });
    const beganAt = await beginOf(db);
    const problems = () => (isDamaged ? [DAMAGE_SENTENCE] : []);
    return { db, notices, beganAt, problems, [Symbol.asyncDispose]: () => db.destroy() };
  } catch (thrown) {
    await db.destroy();
    throw thrown;
  }
}

/**
 * The check reads the whole file and nothing else happens meanwhile, so it is made only where there is a doubt. Closing
 * a database removes its log (`-wal`); a log that lies there at the start was left by a crash or a power cut. Damage that
 * comes to light while the hub runs leaves a mark of ours. What is damaged beyond opening says so without a check.
 */
async function check(db: Database): Promise<void> {
  const { rows } = await sql<{ quick_check: string }>`PRAGMA quick_check(1)`.execute(db);
  const found = rows[0]?.quick_check ?? 'no answer';
  if (found !== 'ok') throw damage(found);
}

/** When the first migration ran; far ahead where that was on a clock in 1970, so that no older picture counts as an orphan. */
async function beginOf(db: Database): Promise<string> {
  const query = sql<{ at: string | null }>`select min(timestamp) as at from kysely_migration`;
  const at = (await query.execute(db)).rows[0]?.at ?? '';
  return at < FIRST_DAY ? NO_DAY : at;
}

async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: loadMigrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const isNewer = /corrupted migrations|previously executed migration/i.test(sentenceOf(error));
  if (!isNewer) throw error;
  throw new GlimpserError(
    'database-failed',
    'The history was written by a newer Glimpser. Start that version, or restore a backup from before the update.',
    { cause: error },
  );
}

async function loadMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(MIGRATIONS)).filter(name => name.endsWith('.ts')).sort();
  const loaded = files.map(async file => {
    const step = (await import(pathToFileURL(join(MIGRATIONS, file)).href)) as Migration;
    return [file.replace(/\.ts$/, ''), step] as const;
  });
  return Object.fromEntries(await Promise.all(loaded));
}

async function putAside(file: string, clock: Clock): Promise<string> {
  const stamp = isoTime(clock.now()).replaceAll(/[:.]/g, '-');
  const aside = file.replace(/(\.db)?$/, `.damaged-${stamp}.db`);
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) await rename(file + ending, aside + ending);
  }
  await rm(file + DOUBT, { force: true });
  return aside;
}

function failed(file: string, thrown: unknown): GlimpserError {
  if (thrown instanceof GlimpserError) return thrown;
  const sentence = `The history ${file} cannot be opened: ${sentenceOf(thrown)}. Check the disk and the rights of the folder.`;
  return new GlimpserError('database-failed', sentence, { cause: thrown });
}
