/** Cameras that repeat their parameter sets within a picture: the relay hands whole pictures on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { RepeatedSets } from '#server/base/rtsp/relay-repeats.ts';
import { relayTo } from '#test/fakes/relay-bench.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const SDP = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';
const [SLICE, KEY, SEI, SPS, PPS] = [1, 5, 6, 7, 8];

/** A packet with one unit, or with several when more are given. */
function packet(time: number, types: number[], isLast = false): Buffer {
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = 96 | (isLast ? 0x80 : 0);
  head.writeUInt32BE(time, 4);
  const [first = 0] = types;
  if (types.length === 1) return Buffer.concat([head, Buffer.from([0x60 | first, 1, 2, 3])]);
  return Buffer.concat([
    head,
    Buffer.from([0x78]),
    ...types.map(type => Buffer.from([0, 2, 0x60 | type, 9])),
  ]);
}

test('parameter sets within a key picture are left out, all others pass', () => {
  const repeats = new RepeatedSets(SDP);
  const isLeftOut = (time: number, types: number[], isLast?: boolean) =>
    repeats.isRepeat(packet(time, types, isLast));
  assert.equal(isLeftOut(1, [SPS]), false, 'in front of the first slice');
  assert.equal(isLeftOut(1, [PPS]), false);
  assert.equal(isLeftOut(1, [KEY]), false);
  assert.equal(isLeftOut(1, [SPS]), true);
  assert.equal(isLeftOut(1, [SPS, PPS]), true);
  assert.equal(isLeftOut(1, [SPS, PPS, KEY]), false, 'a slice travels with them');
  assert.equal(isLeftOut(1, [SEI]), false);
  assert.equal(isLeftOut(1, [KEY], true), false);
  assert.equal(isLeftOut(1, [SPS]), false, 'the picture was over, though the clock stands still');
  assert.equal(isLeftOut(2, [KEY]), false);
  assert.equal(isLeftOut(3, [SPS]), false, 'the next picture');
  assert.equal(isLeftOut(3, [SLICE]), false);
  assert.equal(isLeftOut(3, [PPS]), false, 'no key picture');
  assert.equal(new RepeatedSets(SDP.replace('H264', 'JPEG')).isRepeat(packet(1, [SPS])), false);
  assert.equal(repeats.isRepeat(Buffer.alloc(0)), false);
});

test('a GStreamer camera whose pictures come in slices gives whole key pictures', async () => {
  const coding =
    'x264enc tune=zerolatency sliced-threads=true threads=4 key-int-max=5 speed-preset=ultrafast';
  const picture = 'videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=480,framerate=10/1';
  const payload = 'h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1';
  await using camera = await startRtspCamera({ launch: `( ${picture} ! ${coding} ! ${payload} )` });
  for (const transport of ['tcp', 'udp'] as const) {
    await using relay = await relayTo(camera.url, { transport });
    const words = `-nostdin -loglevel warning -probesize 100000 -analyzeduration 500000 -skip_frame nokey -rtsp_transport tcp -i ${relay.url} -frames:v 4 -f null -`;
    const program = spawn('ffmpeg', words.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    program.stderr.on('data', chunk => {
      said += chunk;
    });
    const [code] = await once(program, 'close');
    assert.equal(code, 0, said);
    assert.doesNotMatch(said, /corrupt|concealing/i, transport);
  }
});
