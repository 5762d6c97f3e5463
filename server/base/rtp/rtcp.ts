/** RTCP as far as a sender needs it (RFC 3550, section 6): reports, the goodbye, and the reports of receivers. */

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
const CNAME = 1;
/** Seconds between 1900, where NTP begins, and 1970. */
const NTP_EPOCH_S = 2_208_988_800;

/** What a sender tells of itself. */
export interface SenderState {
  ssrc: number;
  /** Wall clock in milliseconds since 1970, at which `rtpTime` is. */
  wallMs: number;
  rtpTime: number;
  packets: number;
  octets: number;
}

/** A sender report with the description that must come with it. */
export function senderReport(state: SenderState): Buffer {
  const report = Buffer.alloc(28);
  writeHead(report, 0, SENDER_REPORT);
  report.writeUInt32BE(state.ssrc, 4);
  const seconds = Math.floor(state.wallMs / 1000);
  report.writeUInt32BE((seconds + NTP_EPOCH_S) >>> 0, 8);
  report.writeUInt32BE(Math.floor(((state.wallMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0, 12);
  report.writeUInt32BE(state.rtpTime >>> 0, 16);
  report.writeUInt32BE(state.packets >>> 0, 20);
  report.writeUInt32BE(state.octets >>> 0, 24);
  return Buffer.concat([report, description(state.ssrc)]);
}

/** The goodbye of a sender, in the compound form that receivers expect. */
export function goodbye(state: SenderState): Buffer {
  const bye = Buffer.alloc(8);
  writeHead(bye, 1, GOODBYE);
  bye.writeUInt32BE(state.ssrc, 4);
  return Buffer.concat([senderReport(state), bye]);
}

/** What a sender report says: which RTP time belongs to which instant, in milliseconds since 1970. */
export function readSenderReport(packet: Buffer): { wallMs: number; rtpTime: number } | undefined {
  if (packet.length < 28 || (packet[0] ?? 0) >> 6 !== 2 || packet[1] !== SENDER_REPORT) return undefined;
  const seconds = packet.readUInt32BE(8) - NTP_EPOCH_S;
  const wallMs = (seconds + packet.readUInt32BE(12) / 2 ** 32) * 1000;
  return { wallMs, rtpTime: packet.readUInt32BE(16) };
}

/** The sources that a receiver reports on; undefined when the bytes begin with no receiver report. */
export function reportedSources(packet: Buffer): number[] | undefined {
  if (packet.length < 8 || (packet[0] ?? 0) >> 6 !== 2 || packet[1] !== RECEIVER_REPORT) return undefined;
  const count = (packet[0] ?? 0) & 0x1f;
  const starts = Array.from({ length: count }, (_, i) => 8 + i * 24).filter(at => at + 24 <= packet.length);
  return starts.map(at => packet.readUInt32BE(at));
}

function description(ssrc: number): Buffer {
  const name = Buffer.from(ssrc.toString(16).padStart(8, '0'));
  // Source, item, and zeros up to a whole word, one at least.
  const packet = Buffer.alloc(4 + Math.ceil((4 + 2 + name.length + 1) / 4) * 4);
  writeHead(packet, 1, DESCRIPTION);
  packet.writeUInt32BE(ssrc, 4);
  packet[8] = CNAME;
  packet[9] = name.length;
  name.copy(packet, 10);
  return packet;
}

function writeHead(packet: Buffer, count: number, type: number): void {
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
}
