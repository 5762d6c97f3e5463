/** A camera that gives one picture for each request, well or badly. */
import { type HttpCamera, jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';
import type { GuardOptions } from '#test/peers/http-guard.ts';

/** What the camera is like. Unset: a JPEG of 64×48, no ETag, no login. */
export interface StillCameraOptions {
  body?: Buffer | string;
  type?: string;
  status?: number;
  headers?: Record<string, string>;
  /** Sent with the picture; a request that names it gets 304. */
  etag?: string;
  /** `mute`: never answers. `drip`: sends the start of the picture and then nothing. */
  fault?: 'mute' | 'drip';
  /** Answers requests for other paths with a redirect to this one. */
  movedTo?: string;
  login?: GuardOptions;
}

/**
 * Serves until disposed.
 * @example await using camera = await startStillCamera({ etag: '"v1"' });
 */
export async function startStillCamera(options: StillCameraOptions = {}): Promise<HttpCamera> {
  const body = options.body ?? (await jpegOf(64, 48));
  const { status = 200, type = 'image/jpeg', etag, fault, movedTo, headers, login } = options;
  const known = { ...(etag === undefined ? {} : { ETag: etag }), ...headers };
  return startHttpCamera((request, response) => {
    if (fault === 'mute') return;
    if (movedTo !== undefined && request.url !== movedTo) {
      response.writeHead(302, { Location: movedTo }).end();
    } else if (etag !== undefined && request.headers['if-none-match'] === etag) {
      response.writeHead(304, known).end();
    } else {
      const size = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
      response.writeHead(status, { ...size, ...known });
      if (fault === 'drip') response.write(body.slice(0, 100));
      else response.end(body);
    }
  }, login);
}
