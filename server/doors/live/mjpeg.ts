/** Live pictures as MJPEG for any number of viewers: no decoding, no copy per viewer, no waiting for the slow. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '#base/clock.ts';
import { roundShape, type Shape, shapeKey } from '#model/picture-shape.ts';
import { Broadcast, type Still } from './broadcast.ts';
import { FIRST_BOUNDARY, MJPEG_TYPE } from './mjpeg-part.ts';
import { Viewer, type ViewerFigures } from './mjpeg-viewer.ts';

/** What a viewer asks for. */
export interface Wanted {
  sourceId: string;
  shape?: Shape;
  /** At most so many pictures a second. */
  fps?: number | undefined;
}

/** What the fan-out is made of. */
export interface MjpegParts {
  clock: Clock;
  /** Calls back for every new picture as JPEG. */
  listen(sourceId: string, shape: Shape, call: (picture: Still) => void): Disposable;
  /** Counts as a viewer of a source until disposed. */
  seat(sourceId: string): Disposable;
  /** What can be shown now as JPEG. Never rejects. */
  still(sourceId: string, shape: Shape): Promise<Still>;
}

/** The figures of a source since the hub started. */
export interface MjpegFigures extends ViewerFigures {
  viewers: number;
}

/** Streams to viewers. */
export interface MjpegFanout extends Disposable {
  /** Takes a response over: sends headers and pictures until it is closed. */
  attach(response: ServerResponse, wanted: Wanted): void;
  figures(sourceId: string): MjpegFigures;
}

/** Makes the fan-out of a hub. */
export function createMjpegFanout(parts: MjpegParts): MjpegFanout {
  return new Fanout(parts);
}

class Fanout implements MjpegFanout {
  readonly #parts: MjpegParts;
  readonly #broadcasts = new Map<string, Broadcast>();
  readonly #figures = new Map<string, MjpegFigures>();

  constructor(parts: MjpegParts) {
    this.#parts = parts;
  }

  attach(response: ServerResponse, wanted: Wanted): void {
    const { socket } = response;
    if (!socket) {
      // A request that was sent before the answer to the one before it has no connection of its own.
      response.destroy();
      return;
    }
    const broadcast = this.#broadcast(wanted);
    sendHead(response);
    socket.setNoDelay(true);
    socket.write(FIRST_BOUNDARY);
    const figures = this.#figuresOf(wanted.sourceId);
    const viewer = new Viewer(socket, wanted.fps, figures);
    const seat = this.#parts.seat(wanted.sourceId);
    figures.viewers++;
    const place = broadcast.join(viewer);
    response.once('close', () => {
      figures.viewers--;
      place[Symbol.dispose]();
      seat[Symbol.dispose]();
    });
  }

  figures(sourceId: string): MjpegFigures {
    return { ...this.#figuresOf(sourceId) };
  }

  [Symbol.dispose](): void {
    for (const broadcast of this.#broadcasts.values()) broadcast.end();
  }

  #broadcast({ sourceId, shape: wanted = {} }: Wanted): Broadcast {
    const shape = roundShape(wanted);
    const key = shapeKey(sourceId, shape);
    const running = this.#broadcasts.get(key);
    if (running) return running;
    const broadcast = new Broadcast({
      clock: this.#parts.clock,
      listen: call => this.#parts.listen(sourceId, shape, call),
      still: () => this.#parts.still(sourceId, shape),
      onEmpty: () => void this.#broadcasts.delete(key),
    });
    this.#broadcasts.set(key, broadcast);
    return broadcast;
  }

  #figuresOf(sourceId: string): MjpegFigures {
    const figures = this.#figures.get(sourceId) ?? { viewers: 0, sent: 0, dropped: 0 };
    this.#figures.set(sourceId, figures);
    return figures;
  }
}

/** The body ends with the connection: chunks would cost a copy and a write, and many players do not read them. */
function sendHead(response: ServerResponse): void {
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, {
    'Content-Type': MJPEG_TYPE,
    'Cache-Control': 'no-store, no-transform',
    Pragma: 'no-cache',
    'X-Accel-Buffering': 'no',
    Connection: 'close',
  });
  response.flushHeaders();
}
