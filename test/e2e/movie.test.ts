/** Movies in a real browser: painted at the live edge, heard when wanted, and MJPEG where they cannot be played. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, type OpenWorld, openWorld } from '#test/fakes/http-services.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { recordRtp } from '#test/fakes/rtp-recording.ts';
import { runMedia } from '#test/fakes/running-media.ts';
import { until } from '#test/fakes/until.ts';
import { REPOSITORY } from '#test/house/repository.ts';
import { SCREENS, startVisitor, type Visitor } from '#test/peers/visitor.ts';

const recording = await recordRtp({ seconds: 4, audio: ['-c:a', 'aac'] });
const VIDEO = 'glimpser-movie.is-visible >>> video';

interface Watched extends OpenWorld {
  visitor: Visitor;
  /** Opens a page of the app. */
  go(path: string): Promise<void>;
}

/** Cameras that run, and somebody who has logged in to look at them. */
async function watch(
  t: TestContext,
  ids: string[],
  prepare?: (visitor: Visitor) => Promise<unknown>,
): Promise<Watched> {
  const opened = await openWorld(t, { uiFolder: join(REPOSITORY, 'ui', 'dist') });
  const { world, url } = opened;
  const picture = await jpeg('#008080');
  for (const id of ids) {
    await world.addSource(id);
    world.changeState(id, { isOnline: true, status: 'ok', lastFrameAt: '2026-01-01T00:00:00.000Z' });
    world.watching.put(id, picture);
  }
  const running = runMedia(world.media, world.clock, recording);
  const visitor = await startVisitor(SCREENS.desk);
  t.after(async () => {
    await visitor[Symbol.asyncDispose]();
    running[Symbol.dispose]();
  });
  await prepare?.(visitor);
  const account = { name: 'Ann', password: 'a long password' };
  await ask(`${url}/api/users`, { method: 'POST', headers: ADMIN, body: { ...account, role: 'admin' } });
  await visitor.page.goto(`${url}/healthz`);
  await visitor.page.evaluate(async body => {
    const headers = { 'content-type': 'application/json' };
    await fetch('/api/auth/login', { method: 'POST', headers, body: JSON.stringify(body) });
  }, account);
  const go = async (path: string) => void (await visitor.page.goto(`${url}/${path}`));
  return { ...opened, visitor, go };
}

/** Pictures that the video has really painted since now. */
async function painted({ visitor }: Watched, count: number, host = ''): Promise<void> {
  const video = await visitor.see(`${host}>>> ${VIDEO}`);
  await video.evaluate((element, wanted) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const movie = element as HTMLVideoElement;
    let left = wanted;
    let lastTime = -1;
    const count = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      if (mediaTime > lastTime) left--;
      lastTime = mediaTime;
      if (left > 0) movie.requestVideoFrameCallback(count);
      else resolve();
    };
    movie.requestVideoFrameCallback(count);
    return promise;
  }, count);
}

const withoutSource = (visitor: Visitor) =>
  visitor.page.evaluateOnNewDocument(() => {
    Reflect.deleteProperty(globalThis, 'MediaSource');
    Reflect.deleteProperty(globalThis, 'ManagedMediaSource');
    HTMLMediaElement.prototype.canPlayType = () => '';
  });

test('the source page: a movie at the live edge, with its delay and its sound', async t => {
  const watched = await watch(t, ['cam1']);
  const { visitor, go, world } = watched;
  await go('source/cam1');
  await painted(watched, 30);
  const badge = await visitor.see('>>> [data-test="behind"]');
  assert.match((await badge.evaluate(element => element.textContent)) ?? '', /^[\d.]+ (ms|s) behind$/);
  const video = await visitor.see(`>>> ${VIDEO}`);
  const isMuted = () => video.evaluate(element => (element as HTMLVideoElement).muted);
  assert.equal(await isMuted(), true);
  await (await visitor.see('>>> [data-test="sound"]')).click();
  assert.equal(await isMuted(), false);
  await painted(watched, 10);
  const size = await video.evaluate(element => {
    const { videoWidth, buffered, currentTime } = element as HTMLVideoElement;
    return { videoWidth, behind: buffered.end(buffered.length - 1) - currentTime };
  });
  assert.equal(size.videoWidth, 320);
  assert.ok(size.behind < 2, `it stays at the live edge: ${size.behind} s`);
  assert.equal(world.media.opened, 1);
  assert.deepEqual(visitor.troubles, []);
  assert.deepEqual(await visitor.barriers(), []);
});

test('the wall: a still at once, then movies, nine at most; none of what nobody sees', async t => {
  const ids = Array.from({ length: 11 }, (_, index) => `camera${index + 10}`);
  const watched = await watch(t, ids);
  const { visitor, go, world } = watched;
  await go('');
  await visitor.see('>>> img.still');
  await painted(watched, 10, '[data-test="tile-camera10"] ');
  const viewers = () => ids.filter(id => world.watching.viewers(id) > 0).length;
  await visitor.page.setViewport({ width: 2000, height: 2400 });
  await until('nine play', () => viewers() === 9);
  await visitor.page.evaluate(() => document.querySelector<HTMLElement>('[data-test="wall-pause"]')?.click());
  await until('none plays while they are held', () => viewers() === 0);
  await visitor.see('>>> img.still');
  assert.deepEqual(visitor.troubles, []);
});

test('a camera that changes its format goes on by itself', async t => {
  const watched = await watch(t, ['cam1']);
  await watched.go('source/cam1');
  await painted(watched, 5);
  watched.world.media.end();
  await until('it is opened anew', () => watched.world.media.opened === 2);
  await painted(watched, 10);
});

test('where nothing can be appended and HLS is unknown, it is MJPEG', async t => {
  const { visitor, go, world } = await watch(t, ['cam1'], withoutSource);
  await go('source/cam1');
  await visitor.see('>>> img.stream.is-visible');
  await visitor.seeColour('>>> glimpser-live', ['#008080']);
  assert.equal(world.media.opened, 0);
  assert.equal(await visitor.page.$('>>> video'), null);
});

test('a movie that cannot be had is MJPEG, and is asked for again when the source comes back', async t => {
  const watched = await watch(t, ['cam1']);
  const { visitor, go, world } = watched;
  world.media.failure = new GlimpserError('source-unreachable', 'Yard does not answer.');
  await go('source/cam1');
  await visitor.see('>>> img.stream.is-visible');
  world.media.failure = undefined;
  world.changeState('cam1', { isOnline: false, status: 'error' });
  await until('MJPEG has ended', async () => (await visitor.page.$('>>> img.stream')) === null);
  world.changeState('cam1', { isOnline: true, status: 'ok' });
  await painted(watched, 5);
});

test('a camera that sends JPEG stays MJPEG until it is connected anew', async t => {
  const watched = await watch(t, ['cam1']);
  const { visitor, go, world } = watched;
  const { tracks } = world.media;
  world.media.tracks = tracks.map(track => ({ ...track, codec: 'JPEG' }));
  await go('source/cam1');
  await visitor.see('>>> img.stream.is-visible');
  await visitor.page.evaluate(() => {
    const later = Date.now() + 3_600_000;
    Date.now = () => later;
    document.dispatchEvent(new Event('visibilitychange'));
    return new Promise(requestAnimationFrame);
  });
  assert.equal(await visitor.page.$('>>> glimpser-movie'), null, 'it is not asked for again');
  assert.equal(world.media.opened, 1);
  world.media.tracks = tracks;
  world.changeState('cam1', { reconnects: 1 });
  await painted(watched, 5);
});

test('a camera that sleeps is woken by who looks at it alone, and that is said', async t => {
  const watched = await watch(t, ['cam1']);
  const { visitor, go, world } = watched;
  const awake = Promise.withResolvers<void>();
  world.media.late = awake.promise;
  const [source] = world.settings.current.sources;
  assert.ok(source);
  await world.settings.update(copy => ({ ...copy, sources: [{ ...source, schedule: 'on-demand' }] }));
  world.changeState('cam1', { status: 'asleep' });
  await go('');
  await visitor.see('>>> img.still');
  assert.equal(world.media.opened, 0, 'the wall wakes nobody');
  await go('source/cam1');
  const words = await visitor.see('>>> .waking');
  assert.equal(await words.evaluate(element => element.textContent), 'Waking the camera…');
  awake.resolve();
  world.changeState('cam1', { status: 'ok' });
  await painted(watched, 5);
  assert.equal(await visitor.page.$('>>> .waking'), null);
});

test('a source that would have to be encoded stays MJPEG', async t => {
  const watched = await watch(t, ['cam1']);
  watched.world.hasVideo = false;
  await watched.go('');
  await watched.visitor.see('>>> img.stream.is-visible');
  assert.equal(watched.world.media.opened, 0);
});
