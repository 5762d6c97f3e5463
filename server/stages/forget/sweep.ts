/** Sweeping: files below the folder of captures that no row knows are removed, in bounded memory. */
import { opendir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SOURCE_ID } from '#model/source.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
/** Names that keeping gives; anything else was put there by people and stays. */
const FILE = /^([a-z0-9]{8,40})\.(?:jpg|png|webp)(?:\.part)?$/;
const BATCH = 200;

/** What sweeping needs. */
export interface SweepParts {
  folder: string;
  /** Days before this one, such as 2026-01-31, are left alone. */
  from: string;
  /** Which of these captures have a row. */
  known: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** True while the row of a file may still be on its way. */
  isWriting: (captureId: string) => boolean;
  /** The day that files are written to now, such as 2026-01-31. */
  today: () => string;
  signal: AbortSignal;
}

/** Removes files without a row and empty folders; answers how many files. */
export async function sweep(parts: SweepParts): Promise<number> {
  let removed = 0;
  for await (const source of foldersOf(parts.folder, SOURCE_ID)) {
    for await (const day of foldersOf(join(parts.folder, source), DAY)) {
      if (day < parts.from) continue;
      const folder = join(parts.folder, source, day);
      for await (const files of batchesOf(folder)) {
        parts.signal.throwIfAborted();
        removed += await sweepFiles(parts, folder, files);
      }
      if (day !== parts.today()) await removeEmpty(folder);
    }
  }
  return removed;
}

/** Removes a folder if nothing is in it. */
export async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'ENOENT' && thrown.code !== 'EEXIST') throw thrown;
  });
}

async function sweepFiles(parts: SweepParts, folder: string, files: readonly string[]): Promise<number> {
  // Asked before the rows are read: a file that is not being written any more has its row by now, or never gets one.
  const quiet = files.filter(file => !parts.isWriting(idOf(file)));
  const known = await parts.known([...new Set(quiet.map(idOf))]);
  const orphans = quiet.filter(file => file.endsWith('.part') || !known.has(idOf(file)));
  for (const file of orphans) await rm(join(folder, file), { force: true });
  return orphans.length;
}

function idOf(file: string): string {
  return FILE.exec(file)?.[1] ?? '';
}

async function* foldersOf(folder: string, shape: RegExp): AsyncGenerator<string> {
  for await (const entry of await opendir(folder).catch(nothingThere)) {
    if (entry.isDirectory() && shape.test(entry.name)) yield entry.name;
  }
}

async function* batchesOf(folder: string): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const entry of await opendir(folder).catch(nothingThere)) {
    if (!entry.isFile() || !FILE.test(entry.name)) continue;
    batch.push(entry.name);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function nothingThere(thrown: NodeJS.ErrnoException): never[] {
  if (thrown.code === 'ENOENT') return [];
  throw thrown;
}
