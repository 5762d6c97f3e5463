/** Session descriptions (RFC 4566): the tracks of a stream, read from a publisher and written for players. */
import type { MediaTrack } from '#base/rtp/media.ts';

const MAX_TRACKS = 8;
const MAX_FORMAT = 4096;

/** Payload types whose meaning is fixed (RFC 3551). */
const FIXED: Readonly<Record<number, string>> = { 0: 'PCMU/8000/1', 8: 'PCMA/8000/1', 26: 'JPEG/90000' };

/** A track and the end of the address that it is set up by. */
export interface DescribedTrack {
  track: MediaTrack;
  control: string;
}

/** The tracks of sound and picture, in their order; others are left out. */
export function readSdp(text: string): DescribedTrack[] {
  const [, ...sections] = text.split(/^m=/m);
  return sections.slice(0, MAX_TRACKS).flatMap(section => readTrack(section) ?? []);
}

function readTrack(section: string): DescribedTrack | undefined {
  const [, kind, type] = /^(video|audio) \d+ RTP\/AVP (\d{1,3})\b/.exec(section) ?? [];
  const payloadType = Number(type);
  const map = attribute(section, 'rtpmap', type) ?? FIXED[payloadType];
  const [, name, rate, channels] = /^([\w.-]{1,32})\/(\d{1,7})(?:\/(\d{1,2}))?$/.exec(map ?? '') ?? [];
  if ((kind !== 'video' && kind !== 'audio') || name === undefined || payloadType > 127) return undefined;
  const track: MediaTrack = {
    kind,
    codec: name.toUpperCase(),
    payloadType,
    clockRate: Number(rate),
    channels: channels === undefined ? undefined : Number(channels),
    format: (attribute(section, 'fmtp', type) ?? '').slice(0, MAX_FORMAT),
  };
  return track.clockRate > 0 ? { track, control: attribute(section, 'control') ?? '' } : undefined;
}

/** The value of `a=name:` or of `a=name:type `. */
function attribute(section: string, name: string, type?: string): string | undefined {
  const start = type === undefined ? `a=${name}:` : `a=${name}:${type} `;
  const line = section.split(/\r?\n/).find(one => one.startsWith(start));
  return line?.slice(start.length).trim();
}

/** What players are told. Each track is set up by `trackID=` and its number. */
export function writeSdp(tracks: readonly MediaTrack[], address: string): string {
  const family = address.includes(':') ? 'IP6' : 'IP4';
  const any = family === 'IP6' ? '::' : '0.0.0.0';
  const lines = [
    'v=0',
    `o=- 0 0 IN ${family} ${address}`,
    's=Live',
    `c=IN ${family} ${any}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    ...tracks.flatMap(trackLines),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function trackLines(
  { kind, codec, payloadType, clockRate, channels, format }: MediaTrack,
  index: number,
): string[] {
  const suffix = channels === undefined ? '' : `/${channels}`;
  return [
    `m=${kind} 0 RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${codec}/${clockRate}${suffix}`,
    ...(format === '' ? [] : [`a=fmtp:${payloadType} ${format}`]),
    `a=control:trackID=${index}`,
  ];
}
