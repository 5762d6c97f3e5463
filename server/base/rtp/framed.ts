/** The packets of a unit in one buffer, each behind the four bytes that frame it on a TCP connection (RFC 2326, 10.12). */
import type { MediaUnit } from './media.ts';

/** Bytes before each packet. */
export const FRAME_HEAD_BYTES = 4;

/** A unit ready to be sent: the channel of each frame is still to be written. */
export interface FramedUnit {
  bytes: Buffer;
  /** Where each frame begins. */
  starts: readonly number[];
}

let last: { unit: MediaUnit; framed: FramedUnit } | undefined;

/** A copy for one receiver, to write into. The pattern is made once for receivers that take a unit one after another. */
export function framedCopy(unit: MediaUnit): FramedUnit {
  if (last?.unit !== unit) last = { unit, framed: frame(unit) };
  const { bytes, starts } = last.framed;
  const copy = Buffer.allocUnsafe(bytes.length);
  bytes.copy(copy);
  return { bytes: copy, starts };
}

/** One packet in its frame. */
export function frameOf(channel: number, packet: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(FRAME_HEAD_BYTES + packet.length);
  writeFrameHead(framed, 0, packet.length);
  framed[1] = channel;
  packet.copy(framed, FRAME_HEAD_BYTES);
  return framed;
}

function frame({ packets }: MediaUnit): FramedUnit {
  const bytes = Buffer.allocUnsafe(
    packets.reduce((sum, packet) => sum + FRAME_HEAD_BYTES + packet.length, 0),
  );
  const starts: number[] = [];
  let at = 0;
  for (const packet of packets) {
    starts.push(at);
    writeFrameHead(bytes, at, packet.length);
    packet.copy(bytes, at + FRAME_HEAD_BYTES);
    at += FRAME_HEAD_BYTES + packet.length;
  }
  return { bytes, starts };
}

function writeFrameHead(bytes: Buffer, at: number, length: number): void {
  bytes[at] = 0x24;
  bytes[at + 1] = 0;
  bytes.writeUInt16BE(length, at + 2);
}
