/** How FFmpeg decodes in hardware, as data: what to say before the input, and how a picture is made small and fetched. */
import type { Dialect } from './ffmpeg-dialect.ts';

/** The ways to decode in hardware that are known here; the first that works is taken. */
export const HARDWARE_PRESETS = ['cuda', 'vaapi', 'qsv', 'videotoolbox', 'rkmpp', 'v4l2m2m'] as const;

/** A way to decode in hardware. */
export type HardwarePreset = (typeof HARDWARE_PRESETS)[number];

/** Codecs that hardware is asked for. */
export const HARDWARE_CODECS = ['h264', 'h265'] as const;

/** A codec that hardware is asked for. */
export type HardwareCodec = (typeof HARDWARE_CODECS)[number];

/** A preset for one input. */
export interface Hardware {
  preset: HardwarePreset;
  codec: HardwareCodec;
  /** Which of several devices: a path below /dev/dri, or the number of a card. Unset: the first. */
  device?: string;
}

/** What a preset says to FFmpeg, and what it needs of the machine. */
export interface HardwareRecipe {
  title: string;
  /** Arguments before the input. */
  decode: (hardware: Hardware, dialect: Dialect) => string[];
  /** The filter that scales on the device and how its picture comes to memory; unset: pictures come to memory whole. */
  scale?: { filter: string; fetch: string };
}

const FIRST_RENDERER = '/dev/dri/renderD128';
/** The names that the decoders of FFmpeg begin with. */
const DECODERS: Readonly<Record<HardwareCodec, string>> = { h264: 'h264', h265: 'hevc' };
const FETCH = 'hwdownload,format=nv12';

/** Every preset. */
export const HARDWARE_RECIPES: Readonly<Record<HardwarePreset, HardwareRecipe>> = {
  vaapi: {
    title: 'VAAPI (Intel, AMD)',
    decode: ({ device = FIRST_RENDERER }) => [
      ...['-hwaccel', 'vaapi', '-hwaccel_device', device, '-hwaccel_output_format', 'vaapi'],
      ...['-hwaccel_flags', 'allow_profile_mismatch'],
    ],
    scale: { filter: 'scale_vaapi', fetch: FETCH },
  },
  qsv: {
    title: 'Quick Sync (Intel)',
    decode: ({ codec, device = FIRST_RENDERER }, { hasInputFilters }) => [
      ...['-hwaccel', 'qsv', '-qsv_device', device, '-hwaccel_output_format', 'qsv'],
      ...['-c:v', `${DECODERS[codec]}_qsv`],
      // From 7 on the decoder misses parameter sets that stand beside the stream.
      ...(hasInputFilters ? ['-bsf:v', 'dump_extra'] : []),
    ],
    scale: { filter: 'vpp_qsv', fetch: FETCH },
  },
  cuda: {
    title: 'NVDEC (NVIDIA)',
    decode: ({ device = '0' }) => [
      ...['-hwaccel', 'cuda', '-hwaccel_device', device, '-hwaccel_output_format', 'cuda'],
    ],
    scale: { filter: 'scale_cuda', fetch: FETCH },
  },
  v4l2m2m: {
    title: 'V4L2 (Raspberry Pi up to 4)',
    decode: ({ codec }) => ['-c:v', `${DECODERS[codec]}_v4l2m2m`],
  },
  rkmpp: {
    title: 'RKMPP (Rockchip)',
    decode: () => ['-hwaccel', 'rkmpp', '-hwaccel_output_format', 'drm_prime'],
    scale: { filter: 'scale_rkrga', fetch: 'hwmap=mode=read,format=nv12' },
  },
  videotoolbox: {
    title: 'VideoToolbox (Apple)',
    decode: () => ['-hwaccel', 'videotoolbox'],
  },
};
