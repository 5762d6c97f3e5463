/** Bytes that arrive in pieces, each copied once: into room of the known size, or into room that doubles. */

const FIRST_ROOM_BYTES = 65_536;

/** Collects pieces until they are taken as one. */
export class GrowingBuffer {
  #room = Buffer.alloc(0);
  #length = 0;
  readonly #expectedBytes: number;

  constructor(expectedBytes = FIRST_ROOM_BYTES) {
    this.#expectedBytes = expectedBytes;
  }

  get length(): number {
    return this.#length;
  }

  append(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (needed > this.#room.length) this.#grow(needed);
    piece.copy(this.#room, this.#length);
    this.#length = needed;
  }

  /** The last bytes, fewer when there are fewer. Valid until the next append. */
  tail(bytes: number): Buffer {
    return this.#room.subarray(Math.max(0, this.#length - bytes), this.#length);
  }

  /** Everything so far; starts afresh. */
  take(): Buffer {
    const whole = this.#room.subarray(0, this.#length);
    this.#room = Buffer.alloc(0);
    this.#length = 0;
    return whole;
  }

  #grow(needed: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(needed, this.#expectedBytes, this.#room.length * 2));
    this.#room.copy(room, 0, 0, this.#length);
    this.#room = room;
  }
}
