/** The video on a page of a video site, live or recorded, found by yt-dlp. */
import { z } from 'zod';
import { type CameraOptions, cameraOptions, cameraShape } from '#base/camera-options.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { httpAddress } from '#base/web-options.ts';
import { webPictures } from '#base/web-pictures.ts';
import type { VideoSearch } from '#base/yt-dlp.ts';
import type { Video } from '#base/yt-dlp-answer.ts';
import type { Picture } from '#model/frame.ts';
import { defineKind, type SourceContext } from './kind.ts';

/** A site leads wherever it likes, so that nothing of it may reach into the own network. */
const RULES = { protocols: ['http', 'https'], reach: 'internet' } as const;
/** A new address is there before the old one ends. */
const AHEAD_MS = 120_000;
/** Sites lock out whoever asks more often, and each question starts a program. */
const SHORTEST_MS = 30_000;
/** What a timer holds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const options = z.strictObject({
  url: httpAddress('Address of the page with the video'),
  height: z
    .number()
    .int()
    .min(144)
    .max(2160)
    .default(720)
    .describe('Height in pixels that the video should not exceed, where the site offers several')
    .meta({ title: 'Largest height' }),
  ...cameraOptions,
});

export default defineKind({
  title: 'Video site (yt-dlp)',
  description: 'A live or recorded video on YouTube and many other sites. Needs yt-dlp.',
  family: 'camera',
  manner: 'stream',
  hasVideo: true,
  firstMs: 120_000,
  schedule: 'live',
  options,
  async *frames({ url, height, ...shape }, context) {
    const search = { ...context, url, height, rules: RULES };
    let found = await find(search, context);
    while (!context.signal.aborted) {
      using renewal = new Renewal(found, search, context);
      yield* play(found, shape, renewal.due, context);
      if (context.isSingle || context.signal.aborted) return;
      const isStale = context.clock.monotonic() >= found.dueMs;
      found = renewal.found ?? (isStale ? await find(search, context) : found);
    }
  },
});

/** A video, and when to look for its next address, on the clock that only goes on. */
interface Found extends Video {
  dueMs: number;
}

async function find(search: VideoSearch, { clock, ytDlp }: SourceContext): Promise<Found> {
  const video = await ytDlp.find(search);
  const leftMs = video.expiresAt - clock.now();
  const restMs = Math.max(leftMs - AHEAD_MS, leftMs / 2, SHORTEST_MS);
  return { ...video, dueMs: clock.monotonic() + restMs };
}

/** Looks for a new address before the old one ends, so that a live video goes on without a gap. */
class Renewal implements Disposable {
  readonly #due = new AbortController();
  readonly #timer: Disposable | undefined;
  /** The new address, once it was found. */
  found: Found | undefined;

  constructor({ isLive, dueMs }: Found, search: VideoSearch, context: SourceContext) {
    const look = async () => {
      try {
        this.found = await find(search, context);
        this.#due.abort();
      } catch (thrown) {
        if (search.signal.aborted) return;
        context.note(`No new address was found ahead of time: ${sentenceOf(thrown)}`);
      }
    };
    const { clock } = context;
    const restMs = Math.min(Math.max(0, dueMs - clock.monotonic()), LONGEST_TIMER_MS);
    if (isLive) this.#timer = clock.after(restMs, () => void look());
  }

  /** Fires when there is a new address. */
  get due(): AbortSignal {
    return this.#due.signal;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}

/** Plays one address until it is due for another. A recorded video ends, and is played again. */
async function* play(
  { url, headers, isLive, isPlaylist }: Video,
  shape: CameraOptions,
  due: AbortSignal,
  context: SourceContext,
): AsyncGenerator<Picture, void, void> {
  const input = isPlaylist ? { from: 'hls' as const, isLive } : { from: 'web' as const, isPaced: !isLive };
  const signal = AbortSignal.any([context.signal, due]);
  const run = { ...context, signal, ...cameraShape(shape, context.everyMs) };
  let hasPlayed = false;
  try {
    for await (const picture of webPictures(run, { url, login: undefined, headers, rules: RULES, input })) {
      hasPlayed = true;
      yield picture;
    }
  } catch (thrown) {
    const isEnd = thrown instanceof GlimpserError && thrown.code === 'source-ended';
    if (!isEnd || isLive || !hasPlayed) throw thrown;
  }
}
