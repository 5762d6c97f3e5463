/** Looks into RTP payloads of H.264 (RFC 6184) and H.265 (RFC 7798): which network abstraction units begin there. */

/** What a unit is to a decoder. */
export type NalRole = 'key' | 'vps' | 'sps' | 'pps' | 'delimiter' | 'other';

/** One unit that begins in a payload. */
export interface Nal {
  role: NalRole;
  /** The whole unit; undefined when only its first fragment is here. */
  bytes: Buffer | undefined;
}

const H264_ROLES: Readonly<Record<number, NalRole>> = { 5: 'key', 7: 'sps', 8: 'pps', 9: 'delimiter' };
const H265_ROLES: Readonly<Record<number, NalRole>> = { 32: 'vps', 33: 'sps', 34: 'pps', 35: 'delimiter' };
const STAP_A = 24;
const FU_A = 28;
const AGGREGATION = 48;
const FRAGMENTATION = 49;
/** Broken link, instant refresh and clean random access pictures of H.265. */
const H265_KEY = { from: 16, to: 21 };

/** How to look into the payloads of an encoding; undefined for one without such units. */
export function nalReaderOf(codec: string): ((payload: Buffer) => Nal[]) | undefined {
  if (codec === 'H264') return readH264;
  return codec === 'H265' ? readH265 : undefined;
}

function readH264(payload: Buffer): Nal[] {
  const type = (payload[0] ?? 0) & 0x1f;
  const role = (kind: number) => H264_ROLES[kind & 0x1f] ?? 'other';
  if (type === STAP_A) return aggregated(payload, 1, nal => role(nal[0] ?? 0));
  if (type !== FU_A) return whole(payload, 1, role(type));
  return fragment(payload[1], role);
}

function readH265(payload: Buffer): Nal[] {
  const type = h265Type(payload);
  if (type === AGGREGATION) return aggregated(payload, 2, nal => h265Role(h265Type(nal)));
  if (type !== FRAGMENTATION) return whole(payload, 2, h265Role(type));
  return fragment(payload[2], head => h265Role(head & 0x3f));
}

function h265Type(nal: Buffer): number {
  return ((nal[0] ?? 0) >> 1) & 0x3f;
}

function h265Role(type: number): NalRole {
  return type >= H265_KEY.from && type <= H265_KEY.to ? 'key' : (H265_ROLES[type] ?? 'other');
}

function whole(payload: Buffer, headBytes: number, role: NalRole): Nal[] {
  return payload.length > headBytes ? [{ role, bytes: payload }] : [];
}

/** Only the first fragment of a unit tells what it is. */
function fragment(head: number | undefined, role: (head: number) => NalRole): Nal[] {
  return head !== undefined && head & 0x80 ? [{ role: role(head), bytes: undefined }] : [];
}

function aggregated(payload: Buffer, headBytes: number, role: (nal: Buffer) => NalRole): Nal[] {
  const found: Nal[] = [];
  for (let at = headBytes; at + 2 <= payload.length; ) {
    const end = at + 2 + payload.readUInt16BE(at);
    if (end > payload.length || end === at + 2) break;
    const bytes = payload.subarray(at + 2, end);
    found.push({ role: role(bytes), bytes });
    at = end;
  }
  return found;
}
