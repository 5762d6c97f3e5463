/** What is inside an RTP packet (RFC 3550). */

/** A packet, read. */
export interface RtpPacket {
  /** Counts packets, modulo 65,536. */
  sequence: number;
  payload: Buffer;
}

/** Reads a packet without copying; undefined when it is none. */
export function readRtpPacket(bytes: Buffer): RtpPacket | undefined {
  const first = bytes[0] ?? 0;
  if (bytes.length < 12 || first >> 6 !== 2) return undefined;
  let start = 12 + (first & 15) * 4;
  if (first & 0x10) {
    if (bytes.length < start + 4) return undefined;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  const padding = first & 0x20 ? (bytes.at(-1) ?? 0) : 0;
  const end = bytes.length - padding;
  if (start > end) return undefined;
  return { sequence: bytes.readUInt16BE(2), payload: bytes.subarray(start, end) };
}
