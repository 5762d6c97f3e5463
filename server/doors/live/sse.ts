/** Live updates as Server-Sent Events. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '#base/clock.ts';
import type { Live } from './live.ts';
import type { Seer } from './told.ts';

const BEAT_MS = 15_000;
/** A reader that leaves this much unread is let go; it comes back and is told what it missed. */
const UNREAD_BYTES = 1_000_000;

/** A connection that wants to be told. */
export interface SseClient {
  response: ServerResponse;
  who(): Seer;
  /** The last number that the client saw. */
  after: number | undefined;
}

/** Takes a response over and tells until it is closed. */
export function serveSse(live: Live, clock: Clock, { response, who, after }: SseClient): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const write = (text: string) => {
    if (response.writableLength > UNREAD_BYTES) response.destroy();
    else if (!response.destroyed) response.write(text);
  };
  let beat: Disposable | undefined;
  const wait = () => {
    beat = clock.after(BEAT_MS, () => {
      write(': still here\n\n');
      wait();
    });
  };
  const place = live.join(
    {
      who,
      send: ({ id, text }) => write(`id: ${id}\ndata: ${text}\n\n`),
      end: () => void response.destroy(),
    },
    after,
  );
  wait();
  response.once('close', () => {
    beat?.[Symbol.dispose]();
    place[Symbol.dispose]();
  });
}
