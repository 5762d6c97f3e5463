/** HLS from the real door, played by FFmpeg. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { writePlaylist } from '#server/doors/live/hls-playlist.ts';
import type { MediaUnit } from '#server/model/media.ts';
import { ask } from '#test/fakes/ask.ts';
import { settle } from '#test/fakes/clock.ts';
import { ADMIN, type HttpWorld, openWorld } from '#test/fakes/http-services.ts';
import { decodeSome, probeMovie } from '#test/fakes/probe.ts';
import { recordRtp } from '#test/fakes/rtp-recording.ts';
import { until } from '#test/fakes/until.ts';

const long = await recordRtp({ seconds: 9 });

async function oneCamera(t: TestContext) {
  const opened = await openWorld(t);
  await opened.world.addSource('cam1');
  opened.world.media.tracks = long.tracks;
  const base = `${opened.url}/api/stream/cam1/hls`;
  const read = (file: string, headers: Record<string, string> = ADMIN) => ask(`${base}/${file}`, { headers });
  return { ...opened, base, read };
}

/** Puts the first picture and the next, with which the movie begins, and then the rest. */
async function begun({ media }: HttpWorld, units: readonly MediaUnit[]): Promise<void> {
  media.put(...units.slice(0, 2));
  await settle();
  media.put(...units.slice(2));
}

/** The answer to the first request, which waits for the first segment. */
async function begin({ world, read }: Awaited<ReturnType<typeof oneCamera>>, units = long.units) {
  const first = read('index.m3u8');
  await until('the stream is opened', () => world.media.takers > 0);
  await begun(world, units);
  return first;
}

const numbersIn = (playlist: string) =>
  [...playlist.matchAll(/^(\d+)\.m4s/gm)].map(found => Number(found[1]));

test('segments begin with key pictures, last two seconds or more, and FFmpeg plays them', async t => {
  const camera = await oneCamera(t);
  const playlist = await begin(camera);
  assert.match(String(playlist.headers['content-type']), /^application\/vnd\.apple\.mpegurl/);
  assert.deepEqual(numbersIn(playlist.text), [0, 1, 2, 3]);
  assert.match(playlist.text, /#EXT-X-MAP:URI="init\.mp4"/);
  assert.equal([...playlist.text.matchAll(/#EXTINF:2\.000,/g)].length, 4);
  const [init, segment] = [await camera.read('init.mp4'), await camera.read('2.m4s')];
  const { streams, complaints } = await probeMovie(t, Buffer.concat([init.bytes, segment.bytes]));
  assert.equal(complaints, '');
  assert.equal(streams[0]?.nb_read_frames, '50');
  const input = ['-headers', `x-api-key: ${ADMIN['x-api-key']}\r\n`, '-live_start_index', '0'];
  assert.deepEqual(await decodeSome(`${camera.base}/index.m3u8`, 180, input), {
    frames: 180,
    complaints: '',
  });
});

test('a signed link opens the playlist and all that it names, for receivers on other pages too', async t => {
  const camera = await oneCamera(t);
  const body = { sourceId: 'cam1', what: 'hls', expiresIn: '1h' };
  const made = await ask(`${camera.url}/api/tokens`, { method: 'POST', headers: ADMIN, body });
  await begin(camera);
  const playlist = await ask(made.json.url);
  assert.equal(playlist.headers['access-control-allow-origin'], '*');
  const segment = await ask(`${camera.base}/${/^0\.m4s.*$/m.exec(playlist.text)?.[0]}`);
  assert.equal(segment.status, 200);
  assert.equal(segment.headers['content-type'], 'video/iso.segment');
  assert.equal((await camera.read('0.m4s', {})).status, 401);
  assert.deepEqual(await decodeSome(made.json.url, 100, ['-live_start_index', '0']), {
    frames: 100,
    complaints: '',
  });
});

test('the window slides: six are listed, what is over is not there', async t => {
  const camera = await oneCamera(t);
  await begin(camera);
  const again = (seconds: number) =>
    long.units.map(unit => ({ ...unit, rtpTime: (unit.rtpTime + seconds * 90_000) >>> 0 }));
  camera.world.media.put(...again(9), ...again(18));
  const { text } = await camera.read('index.m3u8');
  const numbers = numbersIn(text);
  assert.equal(numbers.length, 6);
  assert.match(text, new RegExp(`#EXT-X-MEDIA-SEQUENCE:${numbers[0]}\n`));
  assert.ok((numbers[0] ?? 0) > 4);
  const gone = await camera.read('0.m4s');
  assert.deepEqual([gone.status, gone.json.code], [404, 'not-found']);
  assert.equal((await camera.read('x.m4s')).status, 422);
});

test('30 seconds after the last request everything is let go; the next one begins anew', async t => {
  const camera = await oneCamera(t);
  await begin(camera);
  assert.equal(camera.world.watching.viewers('cam1'), 1);
  await camera.world.clock.advance(20_000);
  await camera.read('0.m4s');
  await camera.world.clock.advance(20_000);
  assert.equal(camera.world.media.holders, 1);
  await camera.world.clock.advance(15_000);
  assert.equal(camera.world.media.holders, 0);
  assert.equal(camera.world.watching.listeners('cam1'), 0);
  assert.equal((await camera.read('0.m4s')).status, 404);
});

test('a movie that changes goes on behind a mark, with its own beginning', async t => {
  const other = await recordRtp({ size: '640x480', seconds: 5 });
  const camera = await oneCamera(t);
  await begin(camera, [...long.units.slice(0, 110), ...other.units]);
  const before = await camera.read('index.m3u8');
  assert.ok(numbersIn(before.text).length >= 2);
  await until('the next movie is opened', () => camera.world.media.takers > 0);
  await begun(camera.world, other.units);
  const { text } = await camera.read('index.m3u8');
  assert.match(text, /#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init\.mp4\?movie=1"/);
  const [init, segment] = [
    await camera.read('init.mp4?movie=1'),
    await camera.read(`${numbersIn(text).at(-1)}.m4s`),
  ];
  const { streams } = await probeMovie(t, Buffer.concat([init.bytes, segment.bytes]));
  assert.equal(streams[0]?.width, 640);
});

test('a source that sends nothing is told in words within seconds', async t => {
  const { world, read } = await oneCamera(t);
  const first = read('index.m3u8');
  await until('the stream is opened', () => world.media.takers > 0);
  await settle();
  await world.clock.advance(21_000);
  const { status, json } = await first;
  assert.deepEqual([status, json.code], [504, 'source-silent']);
});

test('a camera may take its time to wake; what is too little for a first piece is told in words', async t => {
  const { world, read } = await oneCamera(t);
  const first = read('index.m3u8');
  await until('the stream is opened', () => world.media.takers > 0);
  world.media.put(...long.units.slice(0, 30));
  await settle();
  await world.clock.advance(30_000);
  assert.equal(await Promise.race([first, settle()]), undefined, 'it is still waited for');
  await world.clock.advance(16_000);
  const { status, json, headers } = await first;
  assert.deepEqual([status, json.code, headers['retry-after']], [503, 'not-ready', '3']);
});

test('a link is carried into every address, and changes that are over are counted', () => {
  const segments = [4, 5].map(number => ({ number, durationMs: 2000, movie: number - 4 }));
  const text = writePlaylist({ segments, longestMs: 2600, changes: 3 }, 'token=a');
  assert.match(text, /#EXT-X-TARGETDURATION:3\n#EXT-X-MEDIA-SEQUENCE:4\n#EXT-X-DISCONTINUITY-SEQUENCE:3/);
  assert.match(text, /init\.mp4\?token=a"[\s\S]*\n4\.m4s\?token=a\n[\s\S]*init\.mp4\?movie=1&token=a"/);
});
