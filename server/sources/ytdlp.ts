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
    let video = await context.ytDlp.find(search);
    while (!context.signal.aborted) {
      using renewal = new Renewal(video, search, context);
      yield* play(video, shape, renewal.due, context);
      if (context.isSingle || context.signal.aborted) return;
      video = renewal.video ?? (isStale(video, context) ? await context.ytDlp.find(search) : video);
    }
  },
});

/** Looks for a new address before the old one ends, so that a live video goes on without a gap. */
class Renewal implements Disposable {
  readonly #due = new AbortController();
  readonly #timer: Disposable | undefined;
  /** The new address, once it was found. */
  video: Video | undefined;

  constructor({ isLive, expiresAt }: Video, search: VideoSearch, { clock, note, ytDlp }: SourceContext) {
    const find = async () => {
      try {
        this.video = await ytDlp.find(search);
        this.#due.abort();
      } catch (thrown) {
        if (!search.signal.aborted) note(`No new address was found ahead of time: ${sentenceOf(thrown)}`);
      }
    };
    const inMs = Math.min(Math.max(0, expiresAt - AHEAD_MS - clock.now()), LONGEST_TIMER_MS);
    if (isLive) this.#timer = clock.after(inMs, () => void find());
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

function isStale({ expiresAt }: Video, { clock }: SourceContext): boolean {
  return clock.now() > expiresAt - AHEAD_MS;
}
