import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectOf } from '#server/base/ffmpeg-dialect.ts';
import { type FfmpegInput, inputArguments } from '#server/base/ffmpeg-inputs.ts';

const PICTURES = { isSoundWanted: false, isCopied: false, hasPictures: true };
const COPIES = { isSoundWanted: true, isCopied: true, hasPictures: false };
const WEB = '-protocol_whitelist http,tcp,crypto';
const FORMATS = '-format_whitelist mov,mp4,matroska,webm,mpegts,mpeg,avi,flv,ogg,gif,mjpeg,h264,hevc';

const line = (input: FfmpegInput, wanted = PICTURES, version?: string) =>
  inputArguments(input, wanted, dialectOf(version)).join(' ');

/** Every input, for pictures and for copies, as FFmpeg is told. */
const GOLDEN: ReadonlyArray<readonly [FfmpegInput, pictures: string, copies: string]> = [
  [
    { from: 'loopback', url: 'rtsp://127.0.0.1:8554/t' },
    '-protocol_whitelist rtsp,tcp -fflags +nobuffer+discardcorrupt -flags +low_delay' +
      ' -probesize 32768 -analyzeduration 0 -threads 1 -rtsp_transport tcp -allowed_media_types video' +
      ' -timeout 10000000 -f rtsp -i rtsp://127.0.0.1:8554/t',
    '-protocol_whitelist rtsp,tcp -fflags +nobuffer+discardcorrupt+genpts -flags +low_delay' +
      ' -probesize 32768 -analyzeduration 0 -rtsp_transport tcp -allowed_media_types video+audio' +
      ' -timeout 10000000 -f rtsp -i rtsp://127.0.0.1:8554/t',
  ],
  [
    { from: 'hls', url: 'http://127.0.0.1:9/t/list.m3u8', proxyUrl: 'http://127.0.0.1:9' },
    `${WEB} -fflags +discardcorrupt -threads 1 -re -live_start_index -1 -max_reload 10` +
      ' -m3u8_hold_counters 10 -rw_timeout 10000000 -http_proxy http://127.0.0.1:9' +
      ' -f hls -i http://127.0.0.1:9/t/list.m3u8',
    `${WEB} -fflags +discardcorrupt -re -live_start_index -1 -max_reload 10` +
      ' -m3u8_hold_counters 10 -rw_timeout 10000000 -http_proxy http://127.0.0.1:9' +
      ' -f hls -i http://127.0.0.1:9/t/list.m3u8',
  ],
  [
    { from: 'web', url: 'http://127.0.0.1:9/t', isPaced: true, proxyUrl: 'http://127.0.0.1:9' },
    `${WEB} ${FORMATS} -fflags +discardcorrupt -threads 1 -re -reconnect 1 -reconnect_streamed 1` +
      ' -reconnect_delay_max 5 -rw_timeout 10000000 -http_proxy http://127.0.0.1:9' +
      ' -i http://127.0.0.1:9/t',
    `${WEB} ${FORMATS} -fflags +discardcorrupt -re -reconnect 1 -reconnect_streamed 1` +
      ' -reconnect_delay_max 5 -rw_timeout 10000000 -http_proxy http://127.0.0.1:9' +
      ' -i http://127.0.0.1:9/t',
  ],
  [
    { from: 'v4l2', device: '/dev/video0', inputFormat: 'mjpeg', width: 1280, height: 720, fps: 10 },
    '-protocol_whitelist pipe -threads 1 -f v4l2 -input_format mjpeg -video_size 1280x720 -framerate 10' +
      ' -i /dev/video0',
    '-protocol_whitelist pipe -f v4l2 -input_format mjpeg -video_size 1280x720 -framerate 10 -i /dev/video0',
  ],
  [
    { from: 'file', path: '/media/a film.mp4', isLive: true },
    `-protocol_whitelist file ${FORMATS} -threads 1 -re -stream_loop -1 -i file:/media/a film.mp4`,
    `-protocol_whitelist file ${FORMATS} -re -stream_loop -1 -i file:/media/a film.mp4`,
  ],
  [
    { from: 'pipe' },
    '-protocol_whitelist pipe -fflags +nobuffer -probesize 32 -threads 1' +
      ' -use_wallclock_as_timestamps 1 -f mpjpeg -i pipe:0',
    '-protocol_whitelist pipe -fflags +nobuffer -probesize 32 -threads 1' +
      ' -use_wallclock_as_timestamps 1 -f mpjpeg -i pipe:0',
  ],
];
for (const [input, pictures, copies] of GOLDEN) {
  test(`${input.from}: what FFmpeg is told`, () => {
    assert.equal(line(input), pictures);
    assert.equal(line(input, COPIES), copies);
  });
}

test('no input may open files, but the one that is a file, which may open nothing else', () => {
  for (const [input] of GOLDEN) {
    const args = inputArguments(input, PICTURES, dialectOf(undefined));
    const protocols = args[args.indexOf('-protocol_whitelist') + 1]?.split(',') ?? [];
    assert.deepEqual(
      protocols.filter(name => name === 'file'),
      input.from === 'file' ? protocols : [],
    );
  }
});

test('a device that is asked for nothing gives what it likes; a file is read once', () => {
  assert.match(line({ from: 'v4l2', device: '/dev/video2' }), /-f v4l2 -i \/dev\/video2$/);
  assert.match(line({ from: 'file', path: '/a.mp4', isLive: false }), /-threads 1 -i file:\/a\.mp4$/);
  assert.doesNotMatch(
    line({ from: 'web', url: 'http://a/b', proxyUrl: 'http://a', isPaced: false }),
    / -re /,
  );
});

test('what is read over the web reaches the relay alone', () => {
  for (const [input] of GOLDEN.filter(([{ from }]) => from === 'hls' || from === 'web')) {
    const args = inputArguments(input, PICTURES, dialectOf(undefined));
    assert.equal(args[args.indexOf('-protocol_whitelist') + 1], 'http,tcp,crypto');
    assert.equal(args[args.indexOf('-http_proxy') + 1], 'http://127.0.0.1:9');
  }
});

test('a hardware preset goes before the input, and key frames with it', () => {
  const hardware = { preset: 'cuda', codec: 'h264' } as const;
  const input: FfmpegInput = {
    from: 'rtsp',
    url: 'rtsp://a/b',
    hardware,
    decode: 'keyframes',
  };
  const chain = ' -threads 1 -hwaccel cuda -hwaccel_device 0 -hwaccel_output_format cuda -skip_frame nokey ';
  assert.ok(line(input).includes(chain));
  assert.ok(!line(input, COPIES).includes('hwaccel'), 'nothing is decoded for copies');
});
