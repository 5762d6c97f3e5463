import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ffmpegArguments } from '#server/base/ffmpeg-args.ts';
import { HARDWARE_RECIPES, type HardwareCodec, type HardwarePreset } from '#server/base/ffmpeg-hardware.ts';
import type { FfmpegOutput } from '#server/base/ffmpeg-outputs.ts';

const jpeg: FfmpegOutput = { to: 'jpeg', fd: 3, everyMs: 0, width: 640, quality: 85, isSingle: false };
const gray: FfmpegOutput = { to: 'gray', fd: 4, everyMs: 0, width: 160, height: 90 };
const DEVICE = 'w=min(640\\,iw):h=trunc(ow*ih/iw/2)*2:format=nv12';

/** What a preset says before the input, and its graph for a JPEG and a gray output. */
function told(preset: HardwarePreset, codec: HardwareCodec = 'h264', version?: string) {
  const hardware = { preset, codec };
  const args = ffmpegArguments(
    { from: 'file', path: '/a.mp4', isLive: false, hardware },
    [jpeg, gray],
    version,
  );
  const decode = args.slice(args.indexOf('-threads') + 2, args.indexOf('-i')).join(' ');
  const [, first = '', second = ''] = args[args.indexOf('-filter_complex') + 1]?.split(';') ?? [];
  return [decode, first.replace(/^\[in0\]|\[out0\]$/g, ''), second.replace(/^\[in1\]|\[out1\]$/g, '')];
}

const onDevice = (filter: string, fetch = 'hwdownload,format=nv12') => [
  `${filter}=${DEVICE},${fetch},format=yuvj420p`,
  `${filter}=w=160:h=90:format=nv12,${fetch},format=gray`,
];
const IN_MEMORY = ['scale=w=min(640\\,iw):h=-2,format=yuvj420p', 'scale=w=160:h=90:flags=area,format=gray'];

const GOLDEN: ReadonlyArray<readonly [HardwarePreset, decode: string, graphs: string[]]> = [
  [
    'vaapi',
    '-hwaccel vaapi -hwaccel_device /dev/dri/renderD128 -hwaccel_output_format vaapi' +
      ' -hwaccel_flags allow_profile_mismatch',
    onDevice('scale_vaapi'),
  ],
  [
    'qsv',
    '-hwaccel qsv -qsv_device /dev/dri/renderD128 -hwaccel_output_format qsv -c:v h264_qsv -bsf:v dump_extra',
    onDevice('vpp_qsv'),
  ],
  ['cuda', '-hwaccel cuda -hwaccel_device 0 -hwaccel_output_format cuda', onDevice('scale_cuda')],
  ['v4l2m2m', '-c:v h264_v4l2m2m', IN_MEMORY],
  [
    'rkmpp',
    '-hwaccel rkmpp -hwaccel_output_format drm_prime',
    onDevice('scale_rkrga', 'hwmap=mode=read,format=nv12'),
  ],
  ['videotoolbox', '-hwaccel videotoolbox', IN_MEMORY],
];
for (const [preset, decode, graphs] of GOLDEN) {
  test(`${preset}: decoded, made small and fetched`, () => {
    assert.deepEqual(told(preset), [decode, ...graphs]);
  });
}

test('every preset stands in the table above', () => {
  assert.deepEqual(GOLDEN.map(([preset]) => preset).sort(), Object.keys(HARDWARE_RECIPES).sort());
});

test('H.265 has decoders of its own name, and older versions no filter before the input', () => {
  assert.ok(told('qsv', 'h265', '5.1.9')[0]?.endsWith('-c:v hevc_qsv'));
  assert.ok(told('qsv', 'h265', '7.0')[0]?.endsWith('-c:v hevc_qsv -bsf:v dump_extra'));
  assert.equal(told('v4l2m2m', 'h265')[0], '-c:v hevc_v4l2m2m');
});

test('one of several devices can be named', () => {
  const args = ffmpegArguments(
    {
      from: 'rtsp',
      url: 'rtsp://a/b',
      hardware: { preset: 'vaapi', codec: 'h264', device: '/dev/dri/renderD129' },
    },
    [gray],
  );
  assert.equal(args[args.indexOf('-hwaccel_device') + 1], '/dev/dri/renderD129');
});
