/** Pictures that others send, on their way to the source that they are for: the newest waits, older ones are dropped. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { Mailbox } from '#base/mailbox.ts';
import { checkPicture, type PictureFacts } from '#base/picture.ts';
import type { Picture } from '#model/frame.ts';
import { POSTED_MAX_BYTES, type Posting } from '#model/posting.ts';
import type { Source } from '#model/source.ts';

/** What the pictures pass through. */
export interface PostedParts {
  clock: Clock;
  find(sourceId: string): Source | undefined;
  /** True when pictures are sent to sources of this kind. */
  isPosted(kind: string): boolean;
  isPaused(): boolean;
  /** True while the hub runs in safe mode. */
  isSafe?(): boolean;
}

/** Where the pictures of all sources wait. */
export class PostedPictures implements Posting {
  readonly #parts: PostedParts;
  readonly #readers = new Map<string, Set<Mailbox<Picture>>>();
  /** What came while nobody read. */
  readonly #waiting = new Map<string, Picture>();

  constructor(parts: PostedParts) {
    this.#parts = parts;
  }

  post(sourceId: string, image: Buffer): PictureFacts {
    this.#check(sourceId);
    if (image.length > POSTED_MAX_BYTES) {
      const sentence = `The picture has ${image.length} bytes; at most ${POSTED_MAX_BYTES / 1e6} MB are taken.`;
      throw new GlimpserError('picture-too-large', sentence);
    }
    const facts = checkPicture(image);
    const picture = { image, ...facts, at: this.#parts.clock.now() };
    const readers = this.#readers.get(sourceId);
    if (readers) for (const reader of readers) reader.put(picture);
    else this.#waiting.set(sourceId, picture);
    return facts;
  }

  /** What comes for a source, the newest only, until the signal fires. */
  async *of(sourceId: string, signal: AbortSignal): AsyncGenerator<Picture, void, void> {
    const mailbox = new Mailbox<Picture>();
    const readers = this.#readers.get(sourceId) ?? new Set();
    this.#readers.set(sourceId, readers.add(mailbox));
    const waiting = this.#waiting.get(sourceId);
    this.#waiting.delete(sourceId);
    if (waiting) mailbox.put(waiting);
    const close = () => mailbox.close();
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    try {
      yield* mailbox;
    } finally {
      signal.removeEventListener('abort', close);
      readers.delete(mailbox);
      if (readers.size === 0) this.#readers.delete(sourceId);
    }
  }

  /** Drops what waits for a source that is gone. */
  forget(sourceId: string): void {
    this.#waiting.delete(sourceId);
  }

  #check(sourceId: string): void {
    const { find, isPosted, isPaused, isSafe } = this.#parts;
    const source = find(sourceId);
    if (!source) throw new GlimpserError('not-found', `There is no source “${sourceId.slice(0, 40)}”.`);
    const { name, kind, enabled } = source;
    if (!isPosted(kind)) {
      const sentence = `${name} fetches its pictures itself. Send pictures to a source of the kind “push” only.`;
      throw new GlimpserError('conflict', sentence);
    }
    if (!enabled) {
      throw new GlimpserError('source-disabled', `${name} is switched off. Switch it on first.`);
    }
    if (isSafe?.()) {
      const sentence = `The hub runs in safe mode, so ${name} takes no picture. Start the sources again first.`;
      throw new GlimpserError('source-disabled', sentence);
    }
    if (!isPaused()) return;
    throw new GlimpserError(
      'source-disabled',
      `All captures are paused, so ${name} takes no picture. Resume them first.`,
    );
  }
}
