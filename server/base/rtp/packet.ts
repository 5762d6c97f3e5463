/** Reads and writes the head of RTP packets (RFC 3550, section 5.1). */

/** Bytes of a head without contributing sources. */
export const RTP_HEAD_BYTES = 12;

/** The part of the head that we use. */
export interface RtpHead {
  isLast: boolean;
  payloadType: number;
  sequence: number;
  time: number;
  /** Without head, extension and padding; a view into the packet. */
  payload: Buffer;
}

/** Reads a packet; undefined for bytes that are none. */
export function readRtp(packet: Buffer): RtpHead | undefined {
  if (packet.length < RTP_HEAD_BYTES) return undefined;
  const [first = 0, second = 0] = packet;
  if (first >> 6 !== 2) return undefined;
  const start = payloadStart(packet, first);
  const end = packet.length - (first & 0x20 ? (packet.at(-1) ?? 0) : 0);
  if (start === undefined || end < start) return undefined;
  return {
    isLast: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: packet.readUInt16BE(2),
    time: packet.readUInt32BE(4),
    payload: packet.subarray(start, end),
  };
}

function payloadStart(packet: Buffer, first: number): number | undefined {
  const start = RTP_HEAD_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return start <= packet.length ? start : undefined;
  if (packet.length < start + 4) return undefined;
  const after = start + 4 + packet.readUInt16BE(start + 2) * 4;
  return after <= packet.length ? after : undefined;
}

/** A packet with the type and time of another one, and never the last of its unit. */
export function packetLike(packet: Buffer, payload: Buffer): Buffer {
  const made = Buffer.allocUnsafe(RTP_HEAD_BYTES + payload.length);
  packet.copy(made, 0, 0, RTP_HEAD_BYTES);
  made[0] = 0x80;
  made[1] = (packet[1] ?? 0) & 0x7f;
  payload.copy(made, RTP_HEAD_BYTES);
  return made;
}
