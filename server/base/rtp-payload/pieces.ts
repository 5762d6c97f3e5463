/** Puts NAL units together that were packed into one packet or cut up over several. */
import type { RtpHead } from '#base/rtp/packet.ts';

/** What is needed of a packet. */
export type RtpPacket = Pick<RtpHead, 'sequence' | 'payload'>;

/** What a packet holds: whole units, or a part of one. */
export type Held = readonly Buffer[] | Part;

/** A part of a unit. */
export interface Part {
  /** The header of the whole unit, which goes before the first part. */
  header: Buffer;
  piece: Buffer;
  isFirst: boolean;
  isLast: boolean;
}

/** The units of packets in order; one that misses a part is left out. */
export function collectUnits(packets: readonly RtpPacket[], read: (payload: Buffer) => Held): Buffer[] {
  const units: Buffer[] = [];
  let open: Buffer[] | undefined;
  let expected = -1;
  for (const { sequence, payload } of packets) {
    const held = read(payload);
    if (isPart(held)) {
      const isNext = sequence === expected;
      open = held.isFirst ? [held.header] : isNext ? open : undefined;
      open?.push(held.piece);
      if (held.isLast && open) units.push(Buffer.concat(open));
      if (held.isLast) open = undefined;
    } else {
      open = undefined;
      units.push(...held.filter(unit => unit.length > 0));
    }
    expected = (sequence + 1) & 0xffff;
  }
  return units;
}

function isPart(held: Held): held is Part {
  return 'piece' in held;
}

/** Units that stand one behind the other, each after its length of two bytes. */
export function splitByLength(bytes: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    units.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return units;
}
