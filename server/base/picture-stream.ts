/** Pictures out of a multipart stream: it is always drained, and only the newest picture waits for its reader. */
import type { Clock } from './clock.ts';
import { asGlimpserError, GlimpserError } from './errors.ts';
import { Mailbox } from './mailbox.ts';
import { readParts } from './multipart.ts';
import { Pace } from './pace.ts';
import { checkPicture, type PictureFacts } from './picture.ts';

const FIRST_PICTURE_MS = 20_000;
const DAMAGED_IN_A_ROW = 10;

/** A picture that was checked, with the time of its arrival in epoch milliseconds. */
export interface StreamPicture extends PictureFacts {
  image: Buffer;
  at: number;
}

/** How a stream is read. */
export interface PictureStreamOptions {
  /** For sentences. */
  name: string;
  clock: Clock;
  /** Shortest time between two pictures; 0 takes every one. */
  everyMs: number;
  boundary?: string | undefined;
  /** Told of pictures that were left out. */
  note: (line: string) => void;
  /** Told of pictures that a newer one replaced before they were read. */
  dropped?: () => void;
}

/**
 * Yields until the chunks end. Throws `source-silent` after 20 s without a first picture, and `source-broken` after
 * ten damaged ones in a row. The caller ends the chunks; until then they are read, whatever the reader does.
 */
export async function* streamPictures(
  chunks: AsyncIterable<Buffer>,
  options: PictureStreamOptions,
): AsyncGenerator<StreamPicture, void, void> {
  const inbox = new Mailbox<StreamPicture>(options.dropped);
  const draining = drain(chunks, inbox, options).finally(() => inbox.close());
  // Reported below; until then a failure must not count as unheard.
  draining.catch(() => undefined);
  let isSilent = false;
  using silence = options.clock.after(FIRST_PICTURE_MS, () => {
    isSilent = true;
    inbox.close();
  });
  try {
    for await (const picture of inbox) {
      silence[Symbol.dispose]();
      yield picture;
    }
  } finally {
    inbox.close();
  }
  if (isSilent) throw silent(options.name);
  await draining;
}

/** The error for what accepts a connection and then says nothing. */
export function silent(name: string): GlimpserError {
  return new GlimpserError(
    'source-silent',
    `${name} accepted the connection but sent no picture. Restart it, or check the path of its address.`,
  );
}

async function drain(
  chunks: AsyncIterable<Buffer>,
  inbox: Mailbox<StreamPicture>,
  { name, clock, everyMs, boundary, note }: PictureStreamOptions,
): Promise<void> {
  const pace = new Pace(everyMs);
  let damaged = 0;
  for await (const { body } of readParts(chunks, { boundary })) {
    if (damaged === 0 && !pace.isDue(clock.monotonic())) continue;
    try {
      inbox.put({ image: body, ...checkPicture(body), at: clock.now() });
      damaged = 0;
    } catch (thrown) {
      if (++damaged >= DAMAGED_IN_A_ROW) throw onlyDamaged(name, thrown);
      note(`A damaged picture was left out: ${asGlimpserError(thrown).message}`);
    }
  }
}

function onlyDamaged(name: string, cause: unknown): GlimpserError {
  const { code, message } = asGlimpserError(cause);
  const sentence = `${name} sends only damaged pictures: ${message} Restart it, or check its address.`;
  return new GlimpserError(code === 'picture-too-large' ? code : 'source-broken', sentence, { cause });
}
