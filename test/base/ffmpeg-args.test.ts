import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ffmpegArguments } from '#server/base/ffmpeg-args.ts';
import type { LavfiInput, RtspInput } from '#server/base/ffmpeg-inputs.ts';
import type { FfmpegOutput, JpegOutput } from '#server/base/ffmpeg-outputs.ts';

const jpeg: JpegOutput = { to: 'jpeg', fd: 3, everyMs: 0, width: 0, quality: 85, isSingle: false };
const rtsp: RtspInput = { from: 'rtsp', url: 'rtsp://192.0.2.7:554/live' };
const lavfi: LavfiInput = { from: 'lavfi', graph: 'testsrc2=size=64x64:rate=5' };

const START = '-nostdin -hide_banner -nostats -loglevel level+warning';
const RTSP_START =
  '-protocol_whitelist rtsp,tcp -fflags +nobuffer+discardcorrupt -flags +low_delay' +
  ' -probesize 500000 -analyzeduration 1000000 -threads 1';
const RTSP_END = '-allowed_media_types video -timeout 10000000 -f rtsp -i rtsp://192.0.2.7:554/live';
const FILTER = '-filter_complex_threads 1 -filter_complex';
const encode = (label: string, quality: number) =>
  `-map [${label}] -fps_mode passthrough -c:v mjpeg -q:v ${quality} -threads 1`;
const fifo = (fd: number) => `-f fifo -fifo_format mpjpeg -queue_size 4 -drop_pkts_on_overflow 1 pipe:${fd}`;

const line = (...[input, outputs, version]: Parameters<typeof ffmpegArguments>) =>
  ffmpegArguments(input, outputs, version).join(' ');

test('test pictures: no protocol, real time, one JPEG output behind the fifo', () => {
  assert.equal(
    line(lavfi, [jpeg]),
    `${START} -protocol_whitelist pipe -re -f lavfi -i testsrc2=size=64x64:rate=5` +
      ` ${FILTER} [0:v:0]format=yuvj420p[out0] ${encode('out0', 6)} ${fifo(3)}`,
  );
});

test('RTSP over TCP, paced and made smaller', () => {
  assert.equal(
    line(rtsp, [{ ...jpeg, everyMs: 200, width: 640 }]),
    `${START} ${RTSP_START} -rtsp_transport tcp ${RTSP_END} ${FILTER} ` +
      '[0:v:0]select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,0.1800)+lt(t\\,prev_selected_t)' +
      `,scale=w=min(640\\,iw):h=-2,format=yuvj420p[out0] ${encode('out0', 6)} ${fifo(3)}`,
  );
});

test('one picture: no pace, and FFmpeg ends by itself', () => {
  assert.equal(
    line(rtsp, [{ ...jpeg, everyMs: 200, isSingle: true }]),
    `${START} ${RTSP_START} -rtsp_transport tcp ${RTSP_END} ${FILTER} [0:v:0]format=yuvj420p[out0]` +
      ` ${encode('out0', 6)} -frames:v 1 ${fifo(3)}`,
  );
});

test('key frames only', () => {
  const keys = line({ ...rtsp, decode: 'keyframes' }, [jpeg]);
  assert.ok(keys.includes(' -threads 1 -skip_frame nokey -rtsp_transport tcp -allowed'));
});

test('several outputs share one decode', () => {
  assert.equal(
    line(lavfi, [jpeg, { ...jpeg, fd: 4, width: 160, quality: 100 }]),
    `${START} -protocol_whitelist pipe -re -f lavfi -i testsrc2=size=64x64:rate=5 ${FILTER} ` +
      '[0:v:0]split=2[in0][in1];[in0]format=yuvj420p[out0];' +
      '[in1]scale=w=min(160\\,iw):h=-2,format=yuvj420p[out1]' +
      ` ${encode('out0', 6)} ${fifo(3)} ${encode('out1', 2)} ${fifo(4)}`,
  );
});

test('one connection for everything: segments, push, pictures and gray', () => {
  const outputs: FfmpegOutput[] = [
    { ...jpeg, fd: 4 },
    { to: 'gray', fd: 5, everyMs: 0, width: 160, height: 90 },
    { to: 'segments', listFd: 3, folder: '/data/front', prefix: 'run1-', seconds: 10, sound: 'aac' },
    { to: 'push', url: 'rtsp://127.0.0.1:9/token', sound: 'copy' },
  ];
  assert.equal(
    line(rtsp, outputs),
    `${START} ${RTSP_START.replace('corrupt', 'corrupt+genpts')} -rtsp_transport tcp` +
      ` ${RTSP_END.replace('video', 'video+audio')} ${FILTER} [0:v:0]split=2[in0][in1];` +
      '[in0]format=yuvj420p[out0];[in1]scale=w=160:h=90:flags=area,format=gray[out1]' +
      ' -map 0:v:0 -c:v copy -map 0:a:0? -c:a aac -b:a 64k -max_interleave_delta 500000' +
      ' -f segment -segment_time 10 -segment_format mp4 -segment_format_options' +
      ' movflags=+frag_keyframe+empty_moov+default_base_moof:flush_packets=1 -reset_timestamps 1' +
      ' -segment_list pipe:3 -segment_list_type csv /data/front/run1-%06d.mp4' +
      ' -map 0:v:0 -c:v copy -bsf:v dump_extra=freq=keyframe' +
      ' -map 0:a:0? -c:a copy -max_interleave_delta 500000' +
      ' -f rtsp -rtsp_transport tcp -pkt_size 1316 rtsp://127.0.0.1:9/token' +
      ` ${encode('out0', 6)} ${fifo(4)} -map [out1] -fps_mode passthrough -c:v rawvideo` +
      ` ${fifo(5).replace('mpjpeg', 'rawvideo')}`,
  );
});

test('older versions of FFmpeg get the options that they know', () => {
  const old = line(rtsp, [jpeg], '4.4.2-0ubuntu0.22.04.1');
  assert.ok(old.includes(' -stimeout 10000000 ') && !old.includes(' -timeout '));
  assert.ok(old.includes(' -vsync passthrough ') && !old.includes('-fps_mode'));
  const between = line(rtsp, [jpeg], '5.0.1');
  assert.ok(between.includes(' -timeout ') && between.includes(' -vsync passthrough '));
  for (const version of ['5.1.9-0+deb12u1', '7.1', '8.0.2', 'n7.1.1', 'N-118000-gabcdef', undefined]) {
    assert.equal(line(rtsp, [jpeg], version), line(rtsp, [jpeg]), version ?? 'unknown');
  }
});

test('quality runs from 31, the worst that FFmpeg has, to 2', () => {
  const scale = (quality: number) => {
    const args = ffmpegArguments(lavfi, [{ ...jpeg, quality }]);
    return Number(args[args.indexOf('-q:v') + 1]);
  };
  assert.deepEqual([1, 50, 85, 100].map(scale), [31, 17, 6, 2]);
});

test('no single address can become two arguments or an option', () => {
  const args = ffmpegArguments({ ...rtsp, url: 'rtsp://cam/a b -f null' }, [jpeg]);
  assert.equal(args[args.indexOf('-i') + 1], 'rtsp://cam/a b -f null');
  assert.equal(args.indexOf('-f'), args.indexOf('rtsp') - 1);
});

test('where nothing is decoded there are no pictures', () => {
  assert.throws(() => line({ ...rtsp, decode: 'none' }, [jpeg]), { code: 'internal' });
  const copied = line({ ...rtsp, decode: 'none' }, [
    { to: 'push', url: 'rtsp://127.0.0.1:9/t', sound: 'none' },
  ]);
  assert.ok(!/-threads|filter_complex|audio/.test(copied));
});
