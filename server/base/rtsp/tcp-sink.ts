/** Sends a track between the messages of its own RTSP connection. */
import type { Socket } from 'node:net';
import { type FramedUnit, frameOf } from '#base/rtp/framed.ts';
import type { TrackSink } from '#base/rtp/sink.ts';

/** A pair of channels of a connection. */
export class TcpSink implements TrackSink {
  readonly channels: readonly [number, number];
  readonly #socket: Socket;

  constructor(socket: Socket, channels: readonly [number, number]) {
    this.#socket = socket;
    this.channels = channels;
  }

  send({ bytes, starts }: FramedUnit): void {
    const [channel] = this.channels;
    for (const start of starts) bytes[start + 1] = channel;
    this.#write(bytes);
  }

  control(packet: Buffer): void {
    this.#write(frameOf(this.channels[1], packet));
  }

  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  get sentBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}
