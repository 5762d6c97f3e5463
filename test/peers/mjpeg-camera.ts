/** An MJPEG camera over HTTP, in the dialects and with the faults that real ones have. */
import type { ServerResponse } from 'node:http';
import { type HttpCamera, jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';
import type { GuardOptions } from '#test/peers/http-guard.ts';

/** How a camera writes a part. */
export const MJPEG_DIALECTS = {
  plain: image => [`--cam\r\n${heading(image)}\r\n\r\n`, image, '\r\n'],
  'without lengths': image => ['--cam\r\nContent-Type: image/jpeg\r\n\r\n', image, '\r\n'],
  'without any headers': image => ['--cam\r\n\r\n', image, '\r\n'],
  'another boundary': image => ['----other\r\nContent-Type: image/jpeg\r\n\r\n', image, '\r\n'],
  'no dashes': image => ['cam\r\nContent-Type: image/jpeg\r\n\r\n', image, '\r\n'],
  'bare line ends': image => [`--cam\nContent-length: ${image.length}\n\n`, image, '\n'],
  'closed after each part': image => [
    '--cam\r\nContent-Type: image/jpeg\r\n\r\n',
    image,
    '\r\n--cam--\r\n\r\n',
  ],
  'boundary sent ahead': image => [`\r\n${heading(image)}\r\n\r\n`, image, '\r\n--cam'],
} satisfies Record<string, (image: Buffer) => Array<string | Buffer>>;

/** What the camera is like. Unset: well behaved, a picture of 64×48 every 30 ms, no login. */
export interface MjpegCameraOptions {
  dialect?: keyof typeof MJPEG_DIALECTS;
  /** `silent`: answers and sends nothing. `mute`: accepts the connection and never answers. */
  fault?: 'silent' | 'mute' | 'truncated' | 'huge';
  /** Sends so many pictures, then nothing more, with the connection open. */
  stallAfter?: number;
  /** Sends so many pictures, then ends the connection. */
  endAfter?: number;
  pictures?: readonly Buffer[];
  everyMs?: number;
  login?: GuardOptions;
}

/** A running camera. */
export interface MjpegCamera extends HttpCamera {
  /** Pictures written so far, to all who watch. */
  readonly sent: number;
}

/**
 * Serves until disposed.
 * @example await using camera = await startMjpegCamera({ fault: 'truncated' });
 */
export async function startMjpegCamera(options: MjpegCameraOptions = {}): Promise<MjpegCamera> {
  const pictures = options.pictures ?? [await jpegOf(64, 48), await jpegOf(64, 48, 'tomato')];
  let sent = 0;
  const camera = await startHttpCamera((_, response) => {
    if (options.fault === 'mute') return;
    response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=cam' });
    response.flushHeaders();
    if (options.fault !== 'silent') film(response, pictures, options, () => ++sent);
  }, options.login);
  return Object.defineProperty(camera, 'sent', { get: () => sent }) as MjpegCamera;
}

function film(
  response: ServerResponse,
  pictures: readonly Buffer[],
  { dialect = 'plain', fault, stallAfter = Infinity, endAfter = Infinity, everyMs = 30 }: MjpegCameraOptions,
  onSent: () => void,
): void {
  const write = MJPEG_DIALECTS[dialect];
  let count = 0;
  if (dialect === 'boundary sent ahead') response.write('--cam');
  const timer = setInterval(() => {
    if (count >= endAfter) response.end();
    if (count >= Math.min(stallAfter, endAfter)) return clearInterval(timer);
    const image = pictures[count++ % pictures.length] ?? Buffer.alloc(0);
    for (const piece of write(spoiled(image, fault))) response.write(piece);
    onSent();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

function spoiled(image: Buffer, fault: MjpegCameraOptions['fault']): Buffer {
  if (fault === 'truncated') return image.subarray(0, image.length - 30);
  return fault === 'huge' ? Buffer.concat([image, Buffer.alloc(25_000_000)]) : image;
}

function heading(image: Buffer): string {
  return `Content-Type: image/jpeg\r\nContent-Length: ${image.length}`;
}
