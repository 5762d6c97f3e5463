/** What a coding of video must tell so that its pictures can be put into an MP4 without decoding them. */
import type { RtpPacket } from '#base/rtp-payload/pieces.ts';
import { box, u16, u32, zeros } from './box.ts';

/** What decoders are told before the first picture. */
export interface VideoDescription {
  /** As in the type of the file: `avc1.64001f`. */
  codec: string;
  width: number;
  height: number;
  sampleEntry: Buffer;
  /** How many pictures may be decoded before one that is shown earlier; 0 for cameras, as a rule. */
  reorder: number;
}

/** One coding. Units are NAL units without start codes. */
export interface VideoCoding {
  /** The units of the packets of one instant; those that are not whole are left out. */
  unitsOf(packets: readonly RtpPacket[]): Buffer[];
  /** Which parameter set a unit is, such as `sps 0`; undefined for what is none. */
  parameterOf(unit: Buffer): string | undefined;
  /** Part of the picture itself; all else that may stand between is left out. */
  isPicture(unit: Buffer): boolean;
  /** The parameter sets that SDP gives. */
  givenParameters(format: ReadonlyMap<string, string>): Buffer[];
  /** The description by parameter sets; undefined while some are missing. Throws RangeError for damaged ones. */
  describe(parameters: ReadonlyMap<string, Buffer>): VideoDescription | undefined;
}

/** The sample entry of video. */
export function videoEntry(type: string, size: { width: number; height: number }, config: Buffer): Buffer {
  return box(
    type,
    Buffer.concat([zeros(6), u16(1), zeros(16), u16(size.width, size.height)]),
    u32(0x480000, 0x480000, 0),
    Buffer.concat([u16(1), zeros(32), u16(0x18, 0xffff)]),
    config,
  );
}

/** Parameter sets whose name begins so. */
export function setsNamed(parameters: ReadonlyMap<string, Buffer>, name: string): Buffer[] {
  return [...parameters].filter(([key]) => key.startsWith(name)).map(([, unit]) => unit);
}

/** A set with its length before it. */
export function withLength(unit: Buffer): Buffer {
  return Buffer.concat([u16(unit.length), unit]);
}

/** Refuses sizes that no decoder takes. */
export function checkSize(width: number, height: number): void {
  const isFine = [width, height].every(pixels => pixels >= 16 && pixels <= 16_384);
  if (!isFine) throw new RangeError(`its parameter sets say ${width}×${height} pixels`);
}
