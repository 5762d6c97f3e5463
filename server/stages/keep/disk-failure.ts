/** What to say when a picture cannot be written. */
import { GlimpserError, sentenceOf } from '#base/errors.ts';

const SENTENCES: Record<string, (folder: string) => string> = {
  ENOSPC: folder =>
    `The disk is full: no pictures are kept. Free space where ${folder} lies, or let sources keep fewer pictures.`,
  EDQUOT: folder => `The disk quota is used up: no pictures are kept. Free space where ${folder} lies.`,
  EROFS: folder =>
    `The disk is read-only: no pictures are kept. Check the disk under ${folder} and mount it writable.`,
  EACCES: folder => `The hub may not write to ${folder}: no pictures are kept. Give it the right to.`,
};

/** The error of a failed write as a sentence about the disk. */
export function diskFailure(thrown: unknown, folder: string): GlimpserError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const sentence =
    SENTENCES[code]?.(folder) ??
    `Pictures cannot be kept in ${folder} (${code || sentenceOf(thrown)}). Check the disk.`;
  return new GlimpserError('disk-failed', sentence, { cause: thrown });
}
