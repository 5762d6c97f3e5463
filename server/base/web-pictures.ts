/** Video on the web, read by FFmpeg through the egress guard: nothing that a playlist names gets around it. */
import { type CameraRun, cameraPictures } from './camera-pictures.ts';
import type { Egress, EgressRules } from './egress.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { hostPort } from './egress-url.ts';
import { GlimpserError } from './errors.ts';
import type { HlsInput, WebInput } from './ffmpeg-inputs.ts';
import { type SplitLogin, withLogin } from './http-login.ts';
import type { StreamPicture } from './picture-stream.ts';

/** Where the video is, and how it is read. */
export interface WebPlace extends SplitLogin {
  rules: EgressRules;
  /** How FFmpeg reads it; `headers` go to every server that the video leads to, so no secret belongs there. */
  input: Pick<HlsInput, 'from' | 'headers' | 'isLive'> | Pick<WebInput, 'from' | 'headers' | 'isPaced'>;
}

/** Yields until the signal fires. Throws what failed; what the guard refused is told in its own words. */
export async function* webPictures(
  run: Omit<CameraRun, 'input'> & { egress: Egress },
  { rules, input, ...where }: WebPlace,
): AsyncGenerator<StreamPicture, void, void> {
  const { host, port } = await run.egress.check(where.url, rules, run.signal);
  // A stream has no end, and so no most bytes.
  await using proxy = await run.egress.openProxy(rules, { maxBytes: Number.POSITIVE_INFINITY });
  // FFmpeg sends a login that stands in the address to that server alone.
  const place = { url: withLogin(where), proxyUrl: proxy.url };
  try {
    yield* cameraPictures({ ...run, input: { ...input, ...place } });
  } catch (thrown) {
    throw explained(run.name, proxy, hostPort(host, port)) ?? thrown;
  }
}

/** FFmpeg only sees that the proxy says no. */
function explained(name: string, proxy: EgressProxy, place: string): GlimpserError | undefined {
  const { refusal } = proxy;
  if (!refusal) return proxy.failureOf(place);
  const sentence = `${name} leads to an address that may not be opened: ${refusal.message}`;
  return new GlimpserError(refusal.code, sentence, { cause: refusal });
}
