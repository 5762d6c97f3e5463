/** Movies made of real RTP: FFmpeg, which sent the pictures, must find every one of them again. */
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { silentLog } from '#server/base/log.ts';
import type { MediaUnit, Movie, MovieFragment } from '#server/model/media.ts';
import { createMovieBook } from '#server/stages/movie/book.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { HandMedia } from '#test/fakes/hand-media.ts';
import { probeMovie } from '#test/fakes/probe.ts';
import { CAMERA_H264, type RtpRecording, recordRtp } from '#test/fakes/rtp-recording.ts';

const h264 = await recordRtp({ video: [...CAMERA_H264, '-flags', '+global_header'], audio: ['-c:a', 'aac'] });

/** Plays a recording through the book and gives all that came out. */
async function play(
  t: TestContext,
  { tracks, units }: RtpRecording,
): Promise<{ movie: Movie; fragments: MovieFragment[]; file: Buffer; isOver: () => boolean }> {
  const media = new HandMedia(tracks);
  const clock = new FakeClock();
  const book = createMovieBook({ media, clock, log: silentLog, nameOf: () => 'Yard' });
  const holding = book.hold('cam1', AbortSignal.timeout(20_000));
  await settle();
  const fragments: MovieFragment[] = [];
  const [first, ...rest] = units.slice(units.findIndex(unit => unit.isKey));
  assert.ok(first);
  media.put(first);
  // Until the beginning is known nobody can join; what comes before the next key unit is kept for them.
  const gop = rest.findIndex(unit => unit.isKey && unit.rtpTime !== first.rtpTime);
  media.put(...rest.slice(0, gop));
  await clock.advance(2000);
  const movie = await holding;
  t.after(() => movie[Symbol.dispose]());
  let isOver = false;
  movie.take({
    fragment: fragment => void fragments.push(fragment),
    end: () => {
      isOver = true;
    },
  });
  media.put(...rest.slice(gop));
  const file = Buffer.concat([movie.init, ...fragments.map(({ bytes }) => bytes)]);
  return { movie, fragments, file, isOver: () => isOver };
}

const pictures = (recording: RtpRecording) => recording.units.filter(unit => unit.track === 0).length;
const only = ({ tracks, units }: RtpRecording, track: number) => ({
  tracks: tracks.filter((_, index) => index === track),
  units: units.filter(unit => unit.track === track),
});
const retimed = (recording: RtpRecording, change: (unit: MediaUnit, index: number) => number) => ({
  ...recording,
  units: recording.units.map((unit, index) => ({ ...unit, rtpTime: change(unit, index) >>> 0 })),
});

suite('coded video and audio', () => {
  test('H.264 and AAC: every picture, in sync, nothing decoded by us', async t => {
    const { movie, fragments, file } = await play(t, h264);
    assert.match(movie.type, /^video\/mp4; codecs="avc1\.42c0[0-9a-f]{2},mp4a\.40\.2"$/);
    assert.ok(fragments[0]?.isKey);
    const { streams, complaints, duration } = await probeMovie(t, file);
    const [video, audio] = streams;
    assert.equal(complaints, '');
    assert.deepEqual([video?.codec_name, video?.width, video?.height], ['h264', 320, 240]);
    assert.equal(Number(video?.nb_read_frames), pictures(h264));
    assert.deepEqual([audio?.codec_name, audio?.sample_rate], ['aac', '48000']);
    assert.ok(Number(audio?.nb_read_frames) > 100, `${audio?.nb_read_frames} frames of sound`);
    assert.ok(Math.abs(duration - 3) < 0.2, `${duration} s`);
  });

  test('Opus goes along', async t => {
    const recording = await recordRtp({ audio: ['-c:a', 'libopus'], seconds: 2 });
    const { movie, file } = await play(t, recording);
    assert.match(movie.type, /,opus"$/);
    const { streams, complaints } = await probeMovie(t, file);
    assert.equal(complaints, '');
    assert.equal(streams[1]?.codec_name, 'opus');
    assert.ok(Number(streams[1]?.nb_read_frames) > 80);
  });

  test('H.265', async t => {
    const video = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:bframes=0'];
    const recording = await recordRtp({ video, size: '648x362' });
    const { movie, file } = await play(t, recording);
    assert.match(movie.type, /^video\/mp4; codecs="hvc1\.1\.6\.L63\.90"$/);
    const { streams, complaints } = await probeMovie(t, file);
    assert.equal(complaints, '');
    assert.deepEqual([streams[0]?.codec_name, streams[0]?.width, streams[0]?.height], ['hevc', 648, 362]);
    assert.equal(Number(streams[0]?.nb_read_frames), pictures(recording));
  });

  test('pictures that come out of order', async t => {
    const video = [
      '-c:v',
      'libx264',
      '-preset',
      'fast',
      '-bf',
      '3',
      '-b_strategy',
      '0',
      '-pix_fmt',
      'yuv420p',
    ];
    const recording = await recordRtp({ video, size: '324x242' });
    const { file, fragments } = await play(t, recording);
    const { streams, complaints } = await probeMovie(t, file);
    assert.equal(complaints, '');
    assert.deepEqual([streams[0]?.width, streams[0]?.height], [324, 242]);
    assert.equal(Number(streams[0]?.nb_read_frames), pictures(recording));
    assertSteady(fragments);
  });

  test('sound that browsers do not take is left out', async t => {
    const recording = await recordRtp({ audio: ['-c:a', 'pcm_mulaw', '-ar', '8000'], seconds: 2 });
    const { movie, file } = await play(t, recording);
    assert.match(movie.type, /^video\/mp4; codecs="avc1\.[0-9a-f]{6}"$/);
    assert.equal((await probeMovie(t, file)).streams.length, 1);
  });
});

/** Each fragment begins where the one before ends. */
function assertSteady(fragments: readonly MovieFragment[]): void {
  fragments.reduce((endMs, { startMs, durationMs }) => {
    assert.ok(
      Math.abs(startMs - endMs) < 0.1,
      `a fragment begins at ${startMs}, the one before ends at ${endMs}`,
    );
    assert.ok(durationMs > 0);
    return startMs + durationMs;
  }, 0);
}

suite('time', () => {
  const video = only(h264, 0);
  const first = video.units[0]?.rtpTime ?? 0;

  test('RTP time that wraps goes on', async t => {
    const wrapping = retimed(video, ({ rtpTime }) => rtpTime - first - 90_000);
    const { file, fragments } = await play(t, wrapping);
    assertSteady(fragments);
    const { duration, complaints } = await probeMovie(t, file);
    assert.equal(complaints, '');
    assert.ok(Math.abs(duration - 3) < 0.1, `${duration} s`);
  });

  test('a camera that starts its clock anew, forward or back, does not stop the movie', async t => {
    for (const jump of [1_000_000_000, -1_000_000_000]) {
      const jumping = retimed(video, ({ rtpTime }, index) => rtpTime + (index >= 40 ? jump : 0));
      const { fragments, file } = await play(t, jumping);
      assertSteady(fragments);
      assert.equal(fragments.length, video.units.length);
      const { duration } = await probeMovie(t, file);
      assert.ok(duration < 4, `${duration} s`);
    }
  });

  test('a pause makes one picture long and leaves no hole', async t => {
    const paused = retimed(video, ({ rtpTime }, index) => rtpTime + (index >= 40 ? 5 * 90_000 : 0));
    const { fragments } = await play(t, paused);
    assertSteady(fragments);
    assert.ok(Math.abs((fragments[40]?.durationMs ?? 0) - 5040) < 1);
  });
});

suite('what goes wrong', () => {
  const video = only(h264, 0);

  test('key pictures whose slices come as pictures of their own are put together', async t => {
    // FFmpeg hands them on so when a camera describes each slice anew.
    const sliced = await recordRtp({ video: [...CAMERA_H264, '-slices', '4'], size: '640x480' });
    const units = sliced.units.flatMap(unit => {
      const { packets } = unit;
      // Behind 12 bytes of head: a fragment that begins a slice.
      const begins = (packet: Buffer) => (packet.readUInt16BE(12) & 0x1f80) === 0x1c80;
      const last = packets.findLastIndex(begins);
      if (unit.isKey) assert.ok(last > packets.findIndex(begins), 'there are several slices');
      const halves = unit.isKey ? [packets.slice(0, last), packets.slice(last)] : [packets];
      return halves.map(half => ({ ...unit, packets: half }));
    });
    const { fragments, file } = await play(t, { ...sliced, units });
    assert.equal(fragments.length, sliced.units.length);
    assert.equal((await probeMovie(t, file)).complaints, '');
  });

  test('another size ends the movie, and the next one has it', async t => {
    const other = await recordRtp({ size: '640x480', seconds: 1 });
    const changed = { tracks: video.tracks, units: [...video.units, ...other.units] };
    const { fragments, isOver } = await play(t, changed);
    assert.equal(fragments.length, video.units.length);
    assert.ok(isOver());
  });

  test('a picture with a lost packet is left out, and the rest is decoded', async t => {
    const big = await recordRtp({ size: '640x480', seconds: 2 });
    const units = big.units.map((unit, index) =>
      index === 30 ? { ...unit, packets: unit.packets.filter((_, packet) => packet !== 1) } : unit,
    );
    assert.ok((big.units[30]?.packets.length ?? 0) > 2);
    const { fragments, file } = await play(t, { ...big, units });
    assertSteady(fragments);
    const { streams, complaints } = await probeMovie(t, file);
    assert.ok(Number(streams[0]?.nb_read_frames) >= units.length - 1);
    assert.doesNotMatch(complaints, /invalid|truncated|no frame/i);
  });

  test('a camera that lists sound and sends none is played without', async t => {
    const silent = { tracks: h264.tracks, units: h264.units.filter(unit => unit.track === 0) };
    const { movie, file } = await play(t, silent);
    assert.doesNotMatch(movie.type, /mp4a/);
    assert.equal((await probeMovie(t, file)).streams.length, 1);
  });

  test('sound that dries up ends the movie, so that the next one goes on without', async t => {
    const stretched = h264.units.map(unit => ({ ...unit, atMs: unit.atMs * 10 }));
    const drying = stretched.filter((unit, index) => unit.track === 0 || index < 30);
    const { isOver } = await play(t, { tracks: h264.tracks, units: drying });
    assert.ok(isOver());
  });
});
