/** What to say when a file cannot be written, and whether a folder takes anything now. */
import { access, constants, statfs } from 'node:fs/promises';
import { GlimpserError, sentenceOf } from './errors.ts';

/** A settings file and its copy are smaller. */
const LEAST_FREE_BYTES = 1_000_000;
const LEAST_FREE_FILES = 3;

type Words = (folder: string, effect: string) => string;

const FULL: Words = (folder, effect) => `The disk is full: ${effect}. Free space where ${folder} lies.`;
const NO_FILES: Words = (folder, effect) =>
  `The disk holds as many files as it can (it has space, but no inodes left): ${effect}. Remove files where ${folder} lies.`;

const SENTENCES: Record<string, Words> = {
  ENOSPC: FULL,
  EDQUOT: (folder, effect) => `The disk quota is used up: ${effect}. Free space where ${folder} lies.`,
  EROFS: (folder, effect) =>
    `The disk is read-only: ${effect}. Check the disk under ${folder} and mount it writable.`,
  EACCES: (folder, effect) => `The hub may not write to ${folder}: ${effect}. Give it the right to.`,
  EIO: (folder, effect) =>
    `The disk under ${folder} does not work: ${effect}. Check its cable, and whether it is worn out.`,
};

/** The error of a failed write as a sentence about the disk; `effect` is what it means, such as `no pictures are kept`. */
export async function diskFailure(thrown: unknown, folder: string, effect: string): Promise<GlimpserError> {
  const code = codeOf(thrown);
  const isOutOfFiles = code === 'ENOSPC' && (await lacksFiles(folder));
  const words = isOutOfFiles ? NO_FILES : SENTENCES[code];
  const unknown = `${folder} cannot be written (${code || sentenceOf(thrown)}): ${effect}. Check the disk.`;
  return new GlimpserError('disk-failed', words?.(folder, effect) ?? unknown, { cause: thrown });
}

/** Throws `disk-failed` where a folder takes nothing new. Looks only: a check that writes would wear out memory cards. */
export async function checkWritable(
  folder: string,
  effect: string,
  leastFreeBytes = LEAST_FREE_BYTES,
): Promise<void> {
  const refuse = (words: Words) => new GlimpserError('disk-failed', words(folder, effect));
  try {
    await access(folder, constants.W_OK);
    const { blocks, bavail, bsize, ffree, files } = await statfs(folder);
    // Some file systems do not tell their size and answer 0, or have no fixed number of files.
    if (blocks > 0 && bavail * bsize < leastFreeBytes) throw refuse(FULL);
    if (files > 0 && ffree < LEAST_FREE_FILES) throw refuse(NO_FILES);
  } catch (thrown) {
    throw thrown instanceof GlimpserError ? thrown : await diskFailure(thrown, folder, effect);
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

async function lacksFiles(folder: string): Promise<boolean> {
  try {
    const { files, ffree, bavail } = await statfs(folder);
    return files > 0 && ffree < LEAST_FREE_FILES && bavail > 0;
  } catch {
    return false;
  }
}
