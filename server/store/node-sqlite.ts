/** Node's own SQLite in the shape that Kysely's dialect asks for; what the file or the disk does wrong is said in words. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { SqliteDatabase } from 'kysely';
import { GlimpserError, sentenceOf } from '#base/errors.ts';

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const CORRUPT = 11;
const DAMAGE: ReadonlySet<number> = new Set([CORRUPT, 26]);
/** SQLITE_BUSY, READONLY, IOERR, FULL, CANTOPEN: nothing is wrong with what was asked. */
const TROUBLE: ReadonlySet<number> = new Set([5, 8, 10, 13, 14]);

const TROUBLE_SENTENCES: Record<number, string> = {
  5: 'Another program holds the history, so that Glimpser cannot write to it. Close that program, then try again.',
  8: 'The disk or the file of the history is read-only. Make it writable again.',
  13: 'The disk is full, so that the history takes nothing new. Free space where the data folder lies.',
};

/** What people read while a damaged file is open. */
export const DAMAGE_SENTENCE =
  'The history is damaged. Save a copy of the data folder if you need what is in it, then restart the hub: the history is checked then, and put aside if it cannot be used.';

/**
 * Opens a file for Kysely, with the settings that survive a power cut and let readers go on. Another program that
 * holds the file is waited for as long as `busyMs`.
 */
export function openNodeSqlite(file: string, onDamage: () => void, busyMs: number): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: busyMs });
  const said = <T>(work: () => T): T => sayInWords(work, onDamage);
  try {
    said(() =>
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON'),
    );
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = said(() => database.prepare(sql));
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
      return {
        // A statement with result columns is one to read from.
        reader: statement.columns().length > 0,
        all: parameters => said(() => statement.all(...values(parameters))),
        run: parameters => said(() => statement.run(...values(parameters))),
        iterate: parameters => said(() => statement.iterate(...values(parameters))),
      };
    },
  };
}

/** True when SQLite found the file itself damaged. */
export function isDamage(thrown: unknown): boolean {
  return DAMAGE.has(codeOf(thrown instanceof GlimpserError ? thrown.cause : thrown));
}

/** Damage that a check found. */
export function damage(detail: string): GlimpserError {
  const cause = Object.assign(new Error(detail), { errcode: CORRUPT });
  return new GlimpserError('database-failed', DAMAGE_SENTENCE, { cause });
}

function sayInWords<T>(work: () => T, onDamage: () => void): T {
  try {
    return work();
  } catch (thrown) {
    if (isDamage(thrown)) {
      onDamage();
      throw new GlimpserError('database-failed', DAMAGE_SENTENCE, { cause: thrown });
    }
    if (!TROUBLE.has(codeOf(thrown))) throw thrown;
    const sentence = TROUBLE_SENTENCES[codeOf(thrown)] ?? otherTrouble(thrown);
    throw new GlimpserError('database-failed', sentence, { cause: thrown });
  }
}

function otherTrouble(thrown: unknown): string {
  return `The history cannot be used: ${sentenceOf(thrown)}. Check the disk and the rights of the data folder.`;
}

/** SQLite's primary code, 0 for what is none of its errors; the upper bits only tell the finer cause. */
function codeOf(thrown: unknown): number {
  const { errcode } = (thrown ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}
