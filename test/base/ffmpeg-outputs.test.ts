import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ffmpegArguments } from '#server/base/ffmpeg-args.ts';
import type { FileInput } from '#server/base/ffmpeg-inputs.ts';
import { type Coming, type CopyOutput, copyArguments } from '#server/base/ffmpeg-outputs.ts';

const live: Coming = { codec: undefined, isBoxed: false };
const line = (output: CopyOutput, coming = live) => copyArguments(output, coming).join(' ');
const push: CopyOutput = { to: 'push', url: 'rtsp://127.0.0.1:9/t', sound: 'none' };
const PUSHED = '-f rtsp -rtsp_transport tcp -pkt_size 1316 rtsp://127.0.0.1:9/t';

test('parameter sets travel inside what is pushed, by the filter that fits the input', () => {
  const copied = '-map 0:v:0 -c:v copy';
  assert.equal(line(push), `${copied} -bsf:v dump_extra=freq=keyframe ${PUSHED}`);
  assert.equal(line(push, { codec: 'h264', isBoxed: true }), `${copied} -bsf:v h264_mp4toannexb ${PUSHED}`);
  assert.equal(line(push, { codec: 'h265', isBoxed: true }), `${copied} -bsf:v hevc_mp4toannexb ${PUSHED}`);
  assert.equal(line(push, { codec: undefined, isBoxed: true }), `${copied} ${PUSHED}`);
});

test('a folder with a percent sign is a folder; a prefix may not leave it', () => {
  const segments: CopyOutput = {
    to: 'segments',
    listFd: 3,
    folder: '/data/100% oak',
    prefix: 'a-',
    seconds: 6,
    sound: 'none',
  };
  assert.ok(line(segments).endsWith(' -segment_list_type csv /data/100%% oak/a-%06d.mp4'));
  for (const prefix of ['../', 'a%d']) {
    assert.throws(() => line({ ...segments, prefix }), { code: 'internal' });
  }
});

test('pictures are coded at a steady rate, in one size, with the range of television', () => {
  const encode = { to: 'encode', url: 'rtsp://127.0.0.1:9/t', fps: 5, width: 1280, height: 720 } as const;
  assert.equal(
    ffmpegArguments({ from: 'pipe' }, [encode]).slice(-37).join(' '),
    '-f mpjpeg -i pipe:0 -filter_complex_threads 1 -filter_complex [0:v:0]fps=5,' +
      'scale=w=1280:h=720:force_original_aspect_ratio=decrease:out_range=tv,' +
      'pad=w=1280:h=720:x=-1:y=-1,setsar=1,format=yuv420p[out0]' +
      ' -map [out0] -fps_mode passthrough -c:v libx264 -preset veryfast -tune zerolatency' +
      ' -profile:v main -pix_fmt yuv420p -color_range tv -g 10 -bf 0' +
      ` -bsf:v dump_extra=freq=keyframe ${PUSHED}`,
  );
});

test('gray pictures of a file are all there; those of what is live may be dropped', () => {
  const file: FileInput = { from: 'file', path: '/a.mp4', isLive: false };
  const gray = { to: 'gray', fd: 3, everyMs: 0, width: 16, height: 9 } as const;
  const end = (isComplete: boolean) => ffmpegArguments(file, [{ ...gray, isComplete }]).join(' ');
  assert.ok(end(true).endsWith('-c:v rawvideo -f rawvideo pipe:3'));
  assert.ok(end(false).endsWith('-fifo_format rawvideo -queue_size 4 -drop_pkts_on_overflow 1 pipe:3'));
});
