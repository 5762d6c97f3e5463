/** AAC in RTP (RFC 3640, mpeg4-generic): several frames in one packet, or one frame over several. */
import { Bits } from '#base/mp4/bits.ts';

/** How the header of a packet is cut up, in bits; from SDP. */
export interface AacSizes {
  size: number;
  index: number;
  indexDelta: number;
}

/** Reads frames out of packets. */
export class AacPackets {
  readonly #sizes: AacSizes;
  #open: { bytes: number; pieces: Buffer[]; length: number } | undefined;

  constructor(sizes: AacSizes) {
    this.#sizes = sizes;
  }

  /** The frames that are whole with this payload. */
  framesOf(payload: Buffer): Buffer[] {
    if (payload.length < 2) return [];
    const headerBits = payload.readUInt16BE(0);
    const data = payload.subarray(2 + Math.ceil(headerBits / 8));
    const lengths = this.#lengths(payload.subarray(2), headerBits);
    const [only = 0] = lengths;
    if (lengths.length === 1 && only > data.length) return this.#join(only, data);
    this.#open = undefined;
    return split(data, lengths);
  }

  #lengths(header: Buffer, headerBits: number): number[] {
    const { size, index, indexDelta } = this.#sizes;
    const bits = new Bits(header);
    const lengths: number[] = [];
    for (let left = headerBits; left >= size + index && size > 0; left -= size + indexDelta) {
      lengths.push(bits.read(size));
      bits.skip(lengths.length === 1 ? index : indexDelta);
    }
    return lengths;
  }

  /** Every part of a frame carries the length of the whole. */
  #join(bytes: number, piece: Buffer): Buffer[] {
    if (this.#open?.bytes !== bytes) this.#open = { bytes, pieces: [], length: 0 };
    this.#open.pieces.push(piece);
    this.#open.length += piece.length;
    if (this.#open.length < bytes) return [];
    const frame = Buffer.concat(this.#open.pieces).subarray(0, bytes);
    this.#open = undefined;
    return [frame];
  }
}

function split(data: Buffer, lengths: readonly number[]): Buffer[] {
  let at = 0;
  const frames: Buffer[] = [];
  for (const length of lengths) {
    if (at + length > data.length) break;
    frames.push(data.subarray(at, at + length));
    at += length;
  }
  return frames.filter(frame => frame.length > 0);
}
