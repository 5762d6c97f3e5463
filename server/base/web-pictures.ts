/** Video on the web, read by FFmpeg through a relay of ours: nothing that a playlist names gets around the guard. */
import { type CameraRun, cameraPictures } from './camera-pictures.ts';
import type { Egress, EgressRules } from './egress.ts';
import { GlimpserError } from './errors.ts';
import type { FfmpegInput, HlsInput, WebInput } from './ffmpeg-inputs.ts';
import type { SplitLogin } from './http-login.ts';
import type { StreamPicture } from './picture-stream.ts';
import { openWebRelay, type WebRelay } from './web-relay.ts';

/** Where the video is, and how it is read. */
export interface WebPlace extends SplitLogin {
  rules: EgressRules;
  /** Sent to every server that the video leads to, so no secret belongs there. */
  headers?: Readonly<Record<string, string>>;
  /** How FFmpeg reads it. */
  input: Pick<HlsInput, 'from' | 'isLive'> | Pick<WebInput, 'from' | 'isPaced'>;
}

/** Yields until the signal fires. Throws what failed; what the guard refused is told in its own words. */
export async function* webPictures(
  run: Omit<CameraRun, 'input'> & { egress: Egress },
  { rules, input, headers = {}, ...where }: WebPlace,
): AsyncGenerator<StreamPicture, void, void> {
  const { egress, name } = run;
  await egress.check(where.url, rules, run.signal);
  const isPlaylist = input.from === 'hls';
  let relay: WebRelay | undefined;
  // The address of a playlist works once, so that each FFmpeg gets one of its own.
  const open = async (): Promise<FfmpegInput> => {
    await relay?.[Symbol.asyncDispose]();
    relay = await openWebRelay({ ...where, headers, isPlaylist, rules, egress, name });
    return { ...input, url: relay.url, proxyUrl: relay.proxyUrl };
  };
  try {
    yield* cameraPictures({ ...run, input: open, mayStandStill: true });
  } catch (thrown) {
    throw explained(name, relay) ?? thrown;
  } finally {
    await relay?.[Symbol.asyncDispose]();
  }
}

/** FFmpeg only sees that the relay says no. */
function explained(name: string, relay: WebRelay | undefined): GlimpserError | undefined {
  const failure = relay?.failure;
  if (failure?.code !== 'address-refused' && failure?.code !== 'url-refused') return failure;
  const sentence = `${name} leads to an address that may not be opened: ${failure.message}`;
  return new GlimpserError(failure.code, sentence, { cause: failure });
}
