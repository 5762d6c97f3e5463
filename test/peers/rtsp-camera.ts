/** Starts the RTSP camera of gst-rtsp.py on loopback and ends it again. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startChild } from '#server/base/child.ts';

/** A running camera. */
export interface RtspCamera extends AsyncDisposable {
  port: number;
  url: string;
}

/** A camera with moving pictures of 320×240, ten a second. Port 0 lets the system choose. */
export async function startRtspCamera(
  login?: { username: string; password: string },
  port = 0,
): Promise<RtspCamera> {
  const script = fileURLToPath(new URL('./gst-rtsp.py', import.meta.url));
  const words = login ? [login.username, login.password] : [];
  // Debian's own Python has the bindings, whichever python3 comes first in PATH.
  const child = startChild('/usr/bin/python3', [script, String(port), ...words]);
  const lines = createInterface({ input: child.stdout });
  const ready = Promise.withResolvers<number>();
  lines.once('line', line => ready.resolve(Number(/^ready (\d+)/.exec(line)?.[1])));
  lines.once('close', () => ready.reject(new Error(`the RTSP camera ended: ${child.lastLines.join('; ')}`)));
  const bound = await ready.promise;
  return { port: bound, url: `rtsp://127.0.0.1:${bound}/cam`, [Symbol.asyncDispose]: () => child.stop() };
}
