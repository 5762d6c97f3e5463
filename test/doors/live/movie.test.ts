/** Movies through the real door: by WebSocket and as one answer, for the quick, the slow and the dead. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { GlimpserError } from '#server/base/errors.ts';
import { MovieWatcher } from '#server/doors/live/movie-watcher.ts';
import type { MovieFragment, MovieTaker } from '#server/model/media.ts';
import { ask, open } from '#test/fakes/ask.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { decodeSome, probeMovie } from '#test/fakes/probe.ts';
import { recordRtp } from '#test/fakes/rtp-recording.ts';
import { until } from '#test/fakes/until.ts';

const { tracks, units } = await recordRtp({ seconds: 3 });

async function oneCamera(t: TestContext, over: object = {}) {
  const opened = await openWorld(t);
  await opened.world.addSource('cam1', over);
  opened.world.media.tracks = tracks;
  return opened;
}

interface Told {
  type?: string;
  fragment?: { startMs: number; hubMs: number };
  pong?: number;
  hubMs?: number;
  problem?: { code: string; detail: string };
}

function connect(t: TestContext, url: string, headers: Record<string, string> = ADMIN, query = '') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/stream/cam1/fmp4${query}`, { headers });
  t.after(() => socket.terminate());
  const [told, pieces]: [Told[], Buffer[]] = [[], []];
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) pieces.push(data);
    else told.push(JSON.parse(String(data)) as Told);
  });
  const refused = Promise.withResolvers<number>();
  socket.on('unexpected-response', (_request, response) => refused.resolve(response.statusCode ?? 0));
  socket.on('error', () => undefined);
  return { socket, told, pieces, refused: refused.promise };
}

test('by WebSocket: the type, the beginning, what was kept, and then each picture as it comes', async t => {
  const { url, world } = await oneCamera(t);
  world.media.put(...units.slice(0, 30));
  const { told, pieces } = connect(t, url);
  await until('what was kept is there', () => pieces.length === 6);
  assert.match(told[0]?.type ?? '', /^video\/mp4; codecs="avc1\./);
  assert.equal(pieces[0]?.toString('latin1', 4, 8), 'ftyp');
  assert.equal(pieces[1]?.toString('latin1', 4, 8), 'moof');
  world.media.put(...units.slice(30));
  await until('the rest is there', () => pieces.length === 1 + units.length - 25);
  const { streams, complaints } = await probeMovie(t, Buffer.concat(pieces));
  assert.equal(complaints, '');
  assert.equal(Number(streams[0]?.nb_read_frames), units.length - 25);
});

test('who watches can read the clock of the hub and when a picture came', async t => {
  const { url, world } = await oneCamera(t);
  world.media.put(...units.slice(0, 30));
  const { socket, told, pieces } = connect(t, url);
  await until('it begins', () => pieces.length === 6);
  assert.equal(told.length, 1, 'of what was kept it is not known any more when it came');
  await world.clock.advance(700);
  world.media.put(...units.slice(30, 32));
  await until('it is told once a second at most', () => told[1]?.fragment);
  assert.equal(told[1]?.fragment?.hubMs, world.clock.monotonic());
  assert.equal(told[1]?.fragment?.startMs, 5 * 40, 'the movie began with the 25th picture');
  socket.send('{"ping":12345}');
  await until('the ping is answered', () => told[2]?.pong === 12345);
  assert.equal(told[2]?.hubMs, world.clock.monotonic());
  const closed = once(socket, 'close');
  socket.send('{"ping":"x"}');
  await closed;
});

test('why there is no movie is said in words', async t => {
  const { url, world } = await oneCamera(t);
  world.media.failure = new GlimpserError('source-unreachable', 'Yard does not answer. Check its cable.');
  const { socket, told } = connect(t, url);
  const [code] = await once(socket, 'close');
  assert.equal(code, 1013);
  assert.equal(told[0]?.problem?.code, 'source-unreachable');
  const answer = await ask(`${url}/api/stream/cam1/fmp4`, { headers: ADMIN });
  assert.deepEqual([answer.status, answer.json.detail], [502, 'Yard does not answer. Check its cable.']);
});

test('of a camera that sends JPEG there is no movie, and that is told apart from a movie that is late', async t => {
  const { url, world } = await oneCamera(t);
  world.media.tracks = tracks.map(track => ({ ...track, codec: 'JPEG' }));
  const { socket, told } = connect(t, url);
  await once(socket, 'close');
  assert.equal(told[0]?.problem?.code, 'no-movie');
  const playlist = await ask(`${url}/api/stream/cam1/hls/index.m3u8`, { headers: ADMIN });
  assert.deepEqual([playlist.status, playlist.json.code], [406, 'no-movie']);
});

test('everybody counts as a viewer; the last to leave ends the stream; its end ends everybody', async t => {
  const { url, world } = await oneCamera(t);
  world.media.put(...units.slice(0, 30));
  const [one, two] = [connect(t, url), connect(t, url)];
  await until('both watch', () => world.watching.viewers('cam1') === 2 && two.pieces.length === 6);
  assert.equal(world.media.opened, 1);
  one.socket.close();
  await until('one has left', () => world.watching.viewers('cam1') === 1);
  assert.equal(world.media.holders, 1);
  const closed = once(two.socket, 'close');
  world.media.end();
  assert.equal((await closed)[0], 1000);
  await until('nobody is left', () => world.media.holders === 0 && world.watching.listeners('cam1') === 0);
});

test('FFmpeg plays the plain answer, also by a signed link', async t => {
  const { url, world } = await oneCamera(t);
  world.media.put(...units.slice(0, 50));
  const body = { sourceId: 'cam1', what: 'fmp4', expiresIn: '1h' };
  const link = (await ask(`${url}/api/tokens`, { method: 'POST', headers: ADMIN, body })).json.url as string;
  const playing = decodeSome(link, 40);
  await until('it watches', () => world.watching.viewers('cam1') === 1);
  world.media.put(...units.slice(50));
  assert.deepEqual(await playing, { frames: 40, complaints: '' });
  const other = link.replace('/fmp4', '/hls/index.m3u8');
  assert.equal((await ask(other)).status, 401, 'a link opens one address only');
});

test('who may not look is refused, and who may no longer is shown out', async t => {
  const { url, world } = await oneCamera(t, { groups: ['yard'] });
  world.media.put(...units.slice(0, 30));
  const keyFor = async (groups: string[]) => {
    const body = { name: 'wall', role: 'viewer', groups };
    const { secret, key } = (await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body })).json;
    return { headers: { 'x-api-key': secret as string }, id: key.id as string };
  };
  const [yard, house] = [await keyFor(['yard']), await keyFor(['house'])];
  assert.equal(await connect(t, url, {}).refused, 401);
  assert.equal(await connect(t, url, house.headers).refused, 404);
  assert.equal(await connect(t, url, {}, '?token=nonsense').refused, 401);
  assert.equal((await ask(`${url}/api/stream/cam1/fmp4`, { headers: house.headers })).status, 404);
  const watching = connect(t, url, yard.headers);
  await until('it plays', () => watching.pieces.length === 6);
  await world.settings.update(copy => ({
    ...copy,
    sources: copy.sources.map(source => ({ ...source, privacy: { hidden: true } })),
  }));
  assert.equal(await connect(t, url, yard.headers).refused, 403);
  assert.equal((await ask(`${url}/api/stream/cam1/hls/index.m3u8`, { headers: yard.headers })).status, 403);
  const closed = once(watching.socket, 'close');
  await world.clock.advance(30_000);
  await closed;
});

test('a page of another site is refused', async t => {
  const { url, world } = await oneCamera(t);
  world.media.put(...units.slice(0, 30));
  const account = { name: 'Ann', password: 'a long password' };
  await ask(`${url}/api/users`, { method: 'POST', headers: ADMIN, body: { ...account, role: 'viewer' } });
  const login = await ask(`${url}/api/auth/login`, { method: 'POST', body: account });
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
  assert.equal(await connect(t, url, { cookie, origin: 'https://evil.example' }).refused, 403);
  const own = connect(t, url, { cookie, origin: url });
  await until('our own page is let in', () => own.pieces.length === 6);
});

test('the list of streams tells the addresses and who needs no encoding', async t => {
  const { url, world } = await oneCamera(t);
  const read = async () => (await ask(`${url}/api/streams`, { headers: ADMIN })).json.items[0];
  const { fmp4, hls, hasVideo } = await read();
  assert.deepEqual([fmp4, hls, hasVideo], ['api/stream/cam1/fmp4', 'api/stream/cam1/hls/index.m3u8', true]);
  world.hasVideo = false;
  assert.equal((await read()).hasVideo, false);
  const head = await open(`${url}/${fmp4}`, { headers: ADMIN, method: 'HEAD' });
  assert.equal(head.headers['content-type'], 'video/mp4');
});

/** A line that takes what a test lets it take. */
function slowLine(clock = new FakeClock()) {
  const sent: MovieFragment[] = [];
  const ends: string[] = [];
  let waiting = 0;
  let taker: MovieTaker | undefined;
  const movie = {
    type: '',
    init: Buffer.alloc(0),
    take: (given: MovieTaker) => {
      taker = given;
      return { [Symbol.dispose]: () => undefined };
    },
    dropped: () => void ends.push('dropped'),
  };
  const sink = {
    waitingBytes: () => waiting,
    end: (why: string) => void ends.push(why),
    send: (fragment: MovieFragment) => {
      sent.push(fragment);
      waiting += fragment.bytes.length;
    },
  };
  const watcher = new MovieWatcher(movie, sink, clock);
  const put = (isKey: boolean) =>
    taker?.fragment({ bytes: Buffer.alloc(1_000_000), isKey, startMs: 0, durationMs: 40 });
  const drain = (bytes: number) => {
    waiting -= bytes;
  };
  return { clock, sent, ends, put, watcher, drain };
}

test('a slow line loses whole groups of pictures, from somewhere to the next key fragment', () => {
  const { sent, put, drain, ends } = slowLine();
  put(false);
  assert.equal(sent.length, 0, 'nothing before the first key fragment');
  put(true);
  for (let i = 0; i < 9; i++) put(false);
  assert.equal(sent.length, 5, 'four megabytes may wait');
  assert.deepEqual(ends, ['dropped'], 'one group is lost, in one go');
  drain(5_000_000);
  put(false);
  assert.equal(sent.length, 5, 'what follows a gap is of no use');
  put(true);
  put(false);
  assert.deepEqual(sent.map(({ isKey }) => isKey).slice(5), [true, false]);
  assert.equal(ends.length, 1);
});

test('a line that takes nothing for ten seconds is cut; one that is slow but moves is not', async () => {
  const moving = slowLine();
  moving.put(true);
  for (let i = 0; i < 15; i++) {
    moving.drain(1000);
    await moving.clock.advance(1000);
  }
  assert.deepEqual(moving.ends, []);
  const dead = slowLine();
  dead.put(true);
  await dead.clock.advance(8000);
  assert.deepEqual(dead.ends, []);
  await dead.clock.advance(4000);
  assert.deepEqual(dead.ends, ['stuck']);
  const idle = slowLine();
  await idle.clock.advance(60_000);
  assert.deepEqual(idle.ends, [], 'nothing to take is not the fault of the line');
  idle.watcher[Symbol.dispose]();
  assert.equal(idle.clock.waiting, 0);
});
