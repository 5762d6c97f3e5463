/** sharp, loaded when a picture has to be made over for the first time: a quiet hub does without its 20 MiB. */
import type sharp from 'sharp';
import { GlimpserError } from './errors.ts';
import { Turns } from './turns.ts';

/** What a job with sharp is handed. */
export type MakeSharp = typeof sharp;

/** Pictures that are made over at once; each may take a core, and hundreds of MiB while it is decoded. */
const MOST_AT_ONCE = 2;
const RETRY_MS = 2000;

let loading: Promise<typeof sharp> | undefined;
/** Memory and cores belong to the process, and so do the turns: whoever makes a picture over takes one. */
const turns = new Turns(MOST_AT_ONCE);
const never = new AbortController().signal;

/**
 * Runs one job with sharp in its turn. Throws `too-many-requests` instead of waiting when `mostWaiting` wait already;
 * who leaves it out has to bound his jobs himself.
 */
export async function withSharp<T>(
  job: (make: MakeSharp) => Promise<T>,
  { mostWaiting = Number.POSITIVE_INFINITY } = {},
): Promise<T> {
  if (turns.waiting >= mostWaiting) {
    throw new GlimpserError(
      'too-many-requests',
      'The hub makes as many pictures in other sizes as it can. Try again in a moment, or ask for them as they are.',
      { retryAfterMs: RETRY_MS },
    );
  }
  using _turn = await turns.take(never);
  return await job(await loadSharp());
}

/** One thread a picture and nothing kept: pictures come one after another, and each is new. */
function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(({ default: loaded }) => {
    loaded.concurrency(1);
    loaded.cache(false);
    return loaded;
  });
  return loading;
}
