/** H.264 in RTP (RFC 6184): single units, STAP-A and FU-A. */
import { collectUnits, type Held, type RtpPacket, splitByLength } from './pieces.ts';

const STAP_A = 24;
const FU_A = 28;

/** The NAL units of the packets of one picture. */
export function h264Units(packets: readonly RtpPacket[]): Buffer[] {
  return collectUnits(packets, read);
}

function read(payload: Buffer): Held {
  const [first = 0, second = 0] = payload;
  const type = first & 31;
  if (type === STAP_A) return splitByLength(payload.subarray(1));
  if (type === FU_A) {
    return {
      header: Buffer.from([(first & 0xe0) | (second & 31)]),
      piece: payload.subarray(2),
      isFirst: (second & 0x80) !== 0,
      isLast: (second & 0x40) !== 0,
    };
  }
  // The interleaved kinds above need packetization-mode 2, which no camera speaks.
  return type < STAP_A ? [payload] : [];
}
