/** Audio that an MP4 can carry as it comes: AAC and Opus. */
import { AacPackets } from '#base/rtp-payload/aac.ts';
import { Bits } from './bits.ts';
import { box, fullBox, u8, u16, u32, zeros } from './box.ts';

/** A piece of sound. */
export interface AudioFrame {
  data: Buffer;
  /** In ticks of the track. */
  duration: number;
}

/** Audio of one track. */
export interface AudioCoding {
  /** As in the type of the file: `mp4a.40.2`. */
  codec: string;
  sampleEntry: Buffer;
  framesOf(payload: Buffer): AudioFrame[];
}

/** The coding of MPEG4-GENERIC audio; undefined when SDP does not describe it. */
export function aacCoding(format: ReadonlyMap<string, string>, clockRate: number): AudioCoding | undefined {
  const config = Buffer.from(format.get('config') ?? '', 'hex');
  if (config.length < 2) return undefined;
  const { objectType, rate, channels } = readAudioConfig(config);
  const bits = (name: string, usual: number) => Number(format.get(name) ?? usual);
  const packets = new AacPackets({
    size: bits('sizelength', 13),
    index: bits('indexlength', 3),
    indexDelta: bits('indexdeltalength', 3),
  });
  // With SBR the clock may run at twice the rate of the core, whose frames have 1,024 samples.
  const duration = Math.round((1024 * clockRate) / (rate || clockRate));
  return {
    codec: `mp4a.40.${objectType}`,
    sampleEntry: audioEntry('mp4a', channels, rate, esds(config)),
    framesOf: payload => packets.framesOf(payload).map(data => ({ data, duration })),
  };
}

/** The coding of Opus (RFC 7587): one packet, one frame, always 48 kHz. */
export function opusCoding(channels: number): AudioCoding {
  const count = Math.min(Math.max(channels, 1), 2);
  const dOps = box('dOps', u8(0, count), u16(0), u32(48_000), u16(0), u8(0));
  return {
    codec: 'opus',
    sampleEntry: audioEntry('Opus', count, 48_000, dOps),
    framesOf: data => (data.length === 0 ? [] : [{ data, duration: opusTicks(data) }]),
  };
}

const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000];

/** Reads an AudioSpecificConfig. */
export function readAudioConfig(config: Buffer): { objectType: number; rate: number; channels: number } {
  const bits = new Bits(config);
  const short = bits.read(5);
  const objectType = short === 31 ? 32 + bits.read(6) : short;
  const index = bits.read(4);
  const rate = index === 15 ? bits.read(24) : (RATES[index] ?? 0);
  return { objectType, rate, channels: bits.read(4) };
}

/** Ticks of 48 kHz that a packet lasts, by its first byte and, where there are several frames, its second. */
function opusTicks(packet: Buffer): number {
  const [toc = 0, second = 0] = packet;
  const config = toc >> 3;
  const frames = [1, 2, 2, second & 63][toc & 3] ?? 1;
  return frames * frameTicks(config);
}

function frameTicks(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config & 3] ?? 960;
  if (config < 16) return [480, 960][config & 1] ?? 960;
  return [120, 240, 480, 960][config & 3] ?? 960;
}

function audioEntry(type: string, channels: number, rate: number, config: Buffer): Buffer {
  const fields = Buffer.concat([zeros(6), u16(1), zeros(8), u16(channels || 2, 16, 0, 0)]);
  // The field holds sixteen bits; decoders read higher rates from the configuration.
  return box(type, fields, u32(rate < 0x10000 ? rate * 0x10000 : 0), config);
}

function esds(config: Buffer): Buffer {
  const specific = descriptor(5, config);
  const decoder = descriptor(4, Buffer.concat([u8(0x40, 0x15, 0, 0, 0), u32(0, 0), specific]));
  return fullBox('esds', 0, 0, descriptor(3, Buffer.concat([u16(0), u8(0), decoder, descriptor(6, u8(2))])));
}

function descriptor(tag: number, body: Buffer): Buffer {
  return Buffer.concat([u8(tag, 0x80, 0x80, 0x80, body.length), body]);
}
