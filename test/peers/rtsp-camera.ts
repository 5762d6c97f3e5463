/** Starts the RTSP camera of gst-rtsp.py on loopback and ends it again. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startChild } from '#server/base/child.ts';

/** What the camera is like. Unset: H.264, 320×240, ten pictures a second, a key frame each second, no login. */
export interface RtspCameraOptions {
  /** Given to have a camera come back at the same address. */
  port?: number;
  /** `audio` is a camera without pictures. */
  codec?: 'h264' | 'jpeg' | 'audio';
  width?: number;
  height?: number;
  fps?: number;
  /** Pictures from one key frame to the next. */
  gop?: number;
  login?: { username: string; password: string; scheme?: 'basic' | 'digest' };
  isUdpOnly?: boolean;
  /** A pipeline of GStreamer instead of the pictures above; its payloader is named pay0. */
  launch?: string;
}

/** A running camera. Disposing it ends it and every connection to it. */
export interface RtspCamera extends AsyncDisposable {
  port: number;
  pid: number;
  /** Without the login. */
  url: string;
}

/**
 * Resolves when it serves.
 * @example await using camera = await startRtspCamera({ login: { username: 'ann', password: 'tulip' } });
 */
export async function startRtspCamera(options: RtspCameraOptions = {}): Promise<RtspCamera> {
  const script = fileURLToPath(new URL('./gst-rtsp.py', import.meta.url));
  // Debian's own Python has the bindings, whichever python3 comes first in PATH.
  const child = startChild('/usr/bin/python3', [script, ...argumentsFor(options)]);
  const lines = createInterface({ input: child.stdout });
  const ready = Promise.withResolvers<number>();
  lines.once('line', line => ready.resolve(Number(/^ready (\d+)/.exec(line)?.[1])));
  child.exited.then(
    () => ready.reject(new Error(`the RTSP camera ended: ${child.lastLines.join('; ')}`)),
    ready.reject,
  );
  const port = await ready.promise;
  return {
    port,
    pid: child.pid ?? 0,
    url: `rtsp://127.0.0.1:${port}/cam`,
    [Symbol.asyncDispose]: () => child.stop(),
  };
}

function argumentsFor({
  port = 0,
  codec,
  width,
  height,
  fps,
  gop,
  login,
  isUdpOnly,
  launch,
}: RtspCameraOptions) {
  const numbers = Object.entries({ port, width, height, fps, gop }).filter(
    ([, value]) => value !== undefined,
  );
  return [
    ...numbers.flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...(codec ? ['--codec', codec] : []),
    ...(login
      ? ['--login', login.scheme ?? 'digest', `--user=${login.username}`, `--password=${login.password}`]
      : []),
    ...(isUdpOnly ? ['--udp-only'] : []),
    ...(launch === undefined ? [] : ['--launch', launch]),
  ];
}
