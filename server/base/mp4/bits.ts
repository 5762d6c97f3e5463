/** Reads numbers of any number of bits, as parameter sets of video and audio hold them. */

/** A cursor over bits. Beyond the end it reads zeros, so that a damaged set gives wrong numbers, not a crash. */
export class Bits {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** True when more was read than there is. */
  get isOver(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  /** One bit. */
  flag(): boolean {
    return this.read(1) === 1;
  }

  /** A number of up to 32 bits. */
  read(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** Passes over bits. */
  skip(bits: number): void {
    this.#at += bits;
  }

  /** An Exp-Golomb number, `ue(v)` in the standards. */
  golomb(): number {
    let zeros = 0;
    while (zeros < 32 && !this.flag()) zeros++;
    return zeros === 0 ? 0 : 2 ** zeros - 1 + this.read(zeros);
  }

  /** A signed Exp-Golomb number, `se(v)` in the standards. */
  signedGolomb(): number {
    const value = this.golomb();
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2;
  }
}

/** A unit without the bytes that keep start codes out of it. */
export function withoutEscapes(unit: Buffer): Buffer {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of unit) {
    const isEscape = zeros >= 2 && byte === 3;
    if (!isEscape) kept.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(kept);
}
