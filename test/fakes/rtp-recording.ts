/** Real RTP of FFmpeg, recorded on loopback and grouped into units, to be handed out by a test as often as it likes. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { startChild } from '#server/base/child.ts';
import type { MediaTrack, MediaUnit } from '#server/model/media.ts';

/** What FFmpeg is to send. */
export interface RtpWish {
  seconds?: number;
  fps?: number;
  size?: string;
  /** Options of the video's encoder: `-c:v libx264 …`. Unset: H.264 with a key frame each second. */
  video?: string[];
  /** Options of the audio's encoder; unset: no audio. */
  audio?: string[];
}

/** A recording. */
export interface RtpRecording {
  tracks: MediaTrack[];
  units: MediaUnit[];
}

/** H.264 without pictures out of order, as cameras send it. */
export const CAMERA_H264 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-pix_fmt',
  'yuv420p',
];

/** Records. Throws when a packet was lost, which a quiet loopback does not do. */
export async function recordRtp(wish: RtpWish = {}): Promise<RtpRecording> {
  const { seconds = 3, fps = 25, size = '320x240', video = CAMERA_H264, audio } = wish;
  const sockets = await Promise.all((audio ? [0, 1] : [0]).map(() => openSocket()));
  const packets = sockets.map(gather);
  const input = (source: string) => ['-readrate', '4', '-f', 'lavfi', '-t', String(seconds), '-i', source];
  const child = startChild('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin'],
    ...input(`testsrc2=size=${size}:rate=${fps}`),
    ...(audio ? input('sine=frequency=440:sample_rate=48000') : []),
    ...['-map', '0:v', ...video, '-g', String(fps), ...output(sockets[0])],
    ...(audio ? ['-map', '1:a', ...audio, ...output(sockets[1])] : []),
  ]);
  const sdp = (await buffer(child.stdout)).toString();
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`FFmpeg ended with ${code}: ${child.lastLines.join('; ')}`);
  for (const socket of sockets) socket.close();
  const tracks = readSdp(sdp);
  const units = packets.flatMap((list, track) => groupUnits(list, track, tracks[track]?.codec ?? ''));
  return { tracks, units: units.sort((a, b) => a.atMs - b.atMs) };
}

interface Arrived {
  bytes: Buffer;
  atMs: number;
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 }).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function gather(socket: Socket): Arrived[] {
  const list: Arrived[] = [];
  socket.on('message', bytes => {
    const isReport = ((bytes[1] ?? 0) & 0x7f) >= 72 && ((bytes[1] ?? 0) & 0x7f) <= 76;
    if (!isReport) list.push({ bytes, atMs: performance.now() });
  });
  return list;
}

/** Reports go to the same port and are told apart, so that no port is needed that might be taken. */
function output(socket: Socket | undefined): string[] {
  const { port } = socket?.address() ?? { port: 0 };
  return ['-f', 'rtp', `rtp://127.0.0.1:${port}?pkt_size=1200&rtcpport=${port}`];
}

function readSdp(sdp: string): MediaTrack[] {
  return sdp
    .split(/^m=/m)
    .slice(1)
    .map(section => {
      const [, codec = '', rate = '', channels] =
        /a=rtpmap:\d+ ([^/\s]+)\/(\d+)(?:\/(\d+))?/.exec(section) ?? [];
      return {
        kind: section.startsWith('video') ? 'video' : 'audio',
        codec: codec.toUpperCase(),
        payloadType: Number(/^\w+ \d+ \S+ (\d+)/.exec(section)?.[1]),
        clockRate: Number(rate),
        channels: channels === undefined ? undefined : Number(channels),
        format: /a=fmtp:\d+ (.*)/.exec(section)?.[1]?.trim() ?? '',
      };
    });
}

function groupUnits(list: readonly Arrived[], track: number, codec: string): MediaUnit[] {
  const units: MediaUnit[] = [];
  let open: { packets: Buffer[]; atMs: number } | undefined;
  let expected: number | undefined;
  for (const { bytes, atMs } of list) {
    const sequence = bytes.readUInt16BE(2);
    if (expected !== undefined && sequence !== expected) throw new Error('a packet was lost on loopback');
    expected = (sequence + 1) & 0xffff;
    open ??= { packets: [], atMs };
    open.packets.push(bytes);
    const isVideo = codec.startsWith('H26');
    if (isVideo && !((bytes[1] ?? 0) & 0x80)) continue;
    const isKey = isVideo && open.packets.some(packet => holdsKey(packet.subarray(12), codec));
    units.push({ track, rtpTime: bytes.readUInt32BE(4), isKey, ...open });
    open = undefined;
  }
  return units;
}

/** True for packets with a slice that needs no other picture. FFmpeg writes headers of 12 bytes. */
function holdsKey(payload: Buffer, codec: string): boolean {
  const [first = 0, second = 0, third = 0] = payload;
  if (codec === 'H264') {
    const type = first & 31;
    if (type === 24) return (payload[3] ?? 0) % 32 === 7 || (payload[3] ?? 0) % 32 === 5;
    return (type === 28 ? second & 31 : type) === 5;
  }
  const type = (first >> 1) & 63;
  const inner = type === 48 ? ((payload[4] ?? 0) >> 1) & 63 : type === 49 ? third & 63 : type;
  return (inner >= 16 && inner <= 21) || inner === 32;
}
