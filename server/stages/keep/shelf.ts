/** The shelf: one kept picture is one file and one row, and what is wrong with the disk is a sentence. */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isoTime } from '#base/clock.ts';
import { diskFailure } from '#base/disk-failure.ts';
import { asGlimpserError, GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { type Capture, type CaptureReason, captureFile } from '#model/capture.ts';
import type { Frame } from '#model/frame.ts';
import type { Source } from '#model/source.ts';
import { writeWhole } from './picture-file.ts';

/** What the shelf needs. */
export interface ShelfParts {
  log: Log;
  store: { add(capture: Capture): Promise<void> };
  folder: string;
  find: (sourceId: string) => Source | undefined;
  /** Throws `disk-failed` where there is no room for pictures. */
  checkRoom?: () => Promise<void>;
  write?: (file: string, content: Buffer) => Promise<void>;
}

/** Where captures lie. */
export class Shelf {
  readonly #parts: ShelfParts;
  readonly #write: (file: string, content: Buffer) => Promise<void>;
  readonly #writing = new Set<string>();
  #problem: string | undefined;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
    this.#write = parts.write ?? writeWhole;
  }

  /** What is wrong with the disk since the last write, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  isWriting(captureId: string): boolean {
    return this.#writing.has(captureId);
  }

  /** File first, then row: what ends between the two is a file without a row, which forgetting sweeps away. */
  async put(frame: Frame, reason: CaptureReason): Promise<Capture> {
    const capture = captureOf(frame, reason);
    const file = this.#fileOf(capture);
    this.#writing.add(capture.id);
    try {
      await this.#writePicture(file, frame.image);
      await this.#addRow(capture, file);
    } finally {
      this.#writing.delete(capture.id);
    }
    return capture;
  }

  async read(capture: Capture): Promise<Buffer> {
    try {
      return await readFile(this.#fileOf(capture));
    } catch (cause) {
      const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      const sentence = isGone
        ? 'The file of this picture is gone.'
        : 'The file of this picture cannot be read.';
      throw new GlimpserError(isGone ? 'not-found' : 'disk-failed', sentence, { cause });
    }
  }

  #fileOf(capture: Capture): string {
    return join(this.#parts.folder, captureFile(capture));
  }

  async #writePicture(file: string, image: Buffer): Promise<void> {
    const { checkRoom, folder } = this.#parts;
    try {
      await checkRoom?.();
      await this.#write(file, image);
      this.#problem = undefined;
    } catch (thrown) {
      const isSaid = thrown instanceof GlimpserError;
      const failure = isSaid ? thrown : await diskFailure(thrown, folder, 'no pictures are kept');
      if (this.#problem !== failure.message) this.#parts.log.error(failure.message, { error: thrown });
      this.#problem = failure.message;
      throw failure;
    }
  }

  async #addRow(capture: Capture, file: string): Promise<void> {
    try {
      if (!this.#parts.find(capture.sourceId)) {
        throw new GlimpserError('not-found', 'The source was removed while its picture was written.');
      }
      await this.#parts.store.add(capture);
    } catch (thrown) {
      await rm(file, { force: true });
      const sentence =
        'The picture was not kept, because the database could not take it. The log has the details.';
      const failure = asGlimpserError(thrown, 'database-failed', sentence);
      this.#parts.log.warning(failure.message, { error: thrown });
      throw failure;
    }
  }
}

function captureOf(frame: Frame, reason: CaptureReason): Capture {
  return {
    id: randomBytes(10).toString('hex'),
    sourceId: frame.sourceId,
    at: isoTime(frame.at),
    reason,
    type: frame.type,
    width: frame.width,
    height: frame.height,
    bytes: frame.image.length,
    isStarred: false,
  };
}
