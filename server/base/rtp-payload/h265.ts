/** H.265 in RTP (RFC 7798): single units, aggregation packets and fragmentation units. */
import { collectUnits, type Held, type RtpPacket, splitByLength } from './pieces.ts';

const AGGREGATION = 48;
const FRAGMENTATION = 49;

/** The NAL units of the packets of one picture. */
export function h265Units(packets: readonly RtpPacket[]): Buffer[] {
  return collectUnits(packets, read);
}

function read(payload: Buffer): Held {
  const [first = 0, second = 0, third = 0] = payload;
  const type = (first >> 1) & 63;
  if (type === AGGREGATION) return splitByLength(payload.subarray(2));
  if (type === FRAGMENTATION) {
    return {
      header: Buffer.from([(first & 0x81) | ((third & 63) << 1), second]),
      piece: payload.subarray(3),
      isFirst: (third & 0x80) !== 0,
      isLast: (third & 0x40) !== 0,
    };
  }
  return type < AGGREGATION ? [payload] : [];
}
