/** The history: SQLite through Kysely, migrated at start; a damaged file is put aside and said. */
import { existsSync } from 'node:fs';
import { open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Clock, isoTime } from '#base/clock.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { openNodeSqlite } from './node-sqlite.ts';
import type { Tables } from './tables.ts';

/** The history of a hub. */
export type Database = Kysely<Tables>;

/** An open history and what had to be said about it. */
export interface OpenedDatabase extends AsyncDisposable {
  db: Database;
  /** Sentences for the log and the page; empty when all is well. */
  notices: string[];
}

const MIGRATIONS = join(import.meta.dirname, 'migrations');
const DAMAGED = /malformed|not a database|corrupt|disk image/i;

/** Opens the file, or starts a new one when it is damaged. Throws `database-failed` when neither works. */
export async function openDatabase(file: string, clock: Clock): Promise<OpenedDatabase> {
  const notices: string[] = [];
  try {
    return opened(await openOnce(file), notices);
  } catch (thrown) {
    if (!isDamage(thrown)) throw failed(file, thrown);
    const aside = await putAside(file, clock);
    notices.push(
      `The history ${file} was damaged. It was put aside as ${aside}, and an empty one was started. Accounts have to be set up again.`,
    );
  }
  try {
    return opened(await openOnce(file), notices);
  } catch (thrown) {
    throw failed(file, thrown);
  }
}

function opened(db: Database, notices: string[]): OpenedDatabase {
  return { db, notices, [Symbol.asyncDispose]: () => db.destroy() };
}

/** Made before SQLite makes it: it holds accounts, and the files that SQLite adds beside it get the same rights. */
async function keepPrivate(file: string): Promise<void> {
  if (file === ':memory:') return;
  const made = await open(file, 'a', 0o600);
  // Some file systems know no rights.
  await made.chmod(0o600).catch(() => undefined);
  await made.close();
}

async function openOnce(file: string): Promise<Database> {
  await keepPrivate(file);
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: async () => openNodeSqlite(file) }),
  });
  try {
    const { rows } = await sql<{ quick_check: string }>`PRAGMA quick_check(1)`.execute(db);
    if (rows[0]?.quick_check !== 'ok')
      throw new Error(`the database disk image is malformed: ${rows[0]?.quick_check}`);
    await migrate(db);
    return db;
  } catch (thrown) {
    await db.destroy();
    throw thrown;
  }
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

function isDamage(thrown: unknown): boolean {
  return !(thrown instanceof GlimpserError) && DAMAGED.test(sentenceOf(thrown));
}

async function putAside(file: string, clock: Clock): Promise<string> {
  const stamp = isoTime(clock.now()).replaceAll(/[:.]/g, '-');
  const aside = file.replace(/(\.db)?$/, `.damaged-${stamp}.db`);
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(file + ending)) await rename(file + ending, aside + ending);
  }
  return aside;
}

function failed(file: string, thrown: unknown): GlimpserError {
  if (thrown instanceof GlimpserError) return thrown;
  const sentence = `The history ${file} cannot be opened: ${sentenceOf(thrown)}. Check the disk and the rights of the folder.`;
  return new GlimpserError('database-failed', sentence, { cause: thrown });
}
