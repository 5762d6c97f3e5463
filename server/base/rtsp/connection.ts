/** One RTSP connection of a server: requests are answered one after another, garbage ends it. */
import type { Socket } from 'node:net';
import { type ErrorCode, GlimpserError } from '#base/errors.ts';
import { asRequest, type RtspAnswer, type RtspMessage, type RtspRequest, writeAnswer } from './message.ts';
import { RtspReader } from './reader.ts';

/** Requests that may wait; who sends more does not wait for answers. */
const MAX_WAITING = 16;

/** What answers on a connection. */
export interface RtspPeer {
  answer(request: RtspRequest): Promise<RtspAnswer>;
  packet(channel: number, packet: Buffer): void;
  /** Anything at all has come. */
  heard(): void;
  closed(): void;
}

/** What a peer can do with its connection. */
export interface RtspConnection {
  readonly socket: Socket;
  /** Ends it at once. */
  close(): void;
  /** Ends it when everything is sent. */
  finish(): void;
}

/** Serves a connection until it ends. `meet` makes what answers on it. */
export function serveRtsp(socket: Socket, meet: (connection: RtspConnection) => RtspPeer): void {
  const waiting: RtspMessage[] = [];
  const connection = { socket, close: () => void socket.destroy(), finish: () => socket.destroySoon() };
  const peer = meet(connection);
  let isBusy = false;
  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    for (let next = waiting.shift(); next && !socket.destroyed; next = waiting.shift()) {
      await answerOne(socket, peer, next);
    }
    isBusy = false;
  };
  const reader = new RtspReader({
    packet: (channel, packet) => peer.packet(channel, packet),
    message: message => {
      if (waiting.push(message) > MAX_WAITING)
        throw new GlimpserError('body-unreadable', 'Too many requests wait.');
      void work();
    },
  });
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    if (!socket.writable) return;
    peer.heard();
    feed(reader, chunk, socket);
  });
  // Who half closes has nothing more to ask; what an error says is said by the close that follows.
  socket.on('end', connection.close).on('error', connection.close);
  socket.once('close', () => peer.closed());
}

function feed(reader: RtspReader, chunk: Buffer, socket: Socket): void {
  try {
    reader.feed(chunk);
  } catch (thrown) {
    const isLarge = thrown instanceof GlimpserError && thrown.code === 'body-too-large';
    socket.end(writeAnswer(undefined, { status: isLarge ? 413 : 400 }));
    socket.destroySoon();
  }
}

async function answerOne(socket: Socket, peer: RtspPeer, message: RtspMessage): Promise<void> {
  const request = asRequest(message);
  // A response: we ask nothing, so that it is none of our business.
  if (request === undefined) return;
  const cseq = message.headers['cseq']?.slice(0, 32);
  if (typeof request === 'number') {
    socket.end(writeAnswer(cseq, { status: request }));
    return;
  }
  const answer = await peer.answer(request).catch(answerFailure);
  if (socket.destroyed) return;
  socket.write(writeAnswer(cseq, answer));
  answer.afterwards?.();
}

const STATUS_OF: Partial<Record<ErrorCode, RtspAnswer['status']>> = { 'not-found': 404, internal: 500 };

/** What a failure is to the other side. The reason is ours: it may name what they are not to know. */
function answerFailure(thrown: unknown): RtspAnswer {
  return { status: thrown instanceof GlimpserError ? (STATUS_OF[thrown.code] ?? 503) : 500 };
}
