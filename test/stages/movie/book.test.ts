/** Who holds a movie: the first starts it, everybody shares it, newcomers start at once, and the last one ends it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import type { Movie, MovieFragment } from '#server/model/media.ts';
import { createMovieBook } from '#server/stages/movie/book.ts';
import { DecodeOrder } from '#server/stages/movie/decode-order.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { HandMedia } from '#test/fakes/hand-media.ts';
import { recordRtp } from '#test/fakes/rtp-recording.ts';

const { tracks, units } = await recordRtp({ seconds: 2 });
const gop = units.slice(0, 25);

function world() {
  const media = new HandMedia(tracks);
  const clock = new FakeClock();
  const book = createMovieBook({ media, clock, log: silentLog, nameOf: () => 'Yard' });
  const hold = (signal = AbortSignal.timeout(20_000)) => book.hold('cam1', signal);
  return { media, clock, hold };
}

function take(movie: Movie) {
  const fragments: MovieFragment[] = [];
  let isOver = false;
  const place = movie.take({
    fragment: fragment => void fragments.push(fragment),
    end: () => {
      isOver = true;
    },
  });
  return { fragments, place, isOver: () => isOver };
}

suite('the book of movies', () => {
  test('one stream and one movie serve everybody until the last has left', async () => {
    const { media, hold } = world();
    media.put(...gop);
    const [one, two] = await Promise.all([hold(), hold()]);
    assert.deepEqual([media.opened, media.takers], [1, 1]);
    assert.equal(one.init, two.init);
    one.dropped?.();
    assert.equal(media.dropped, 1, 'its source is told what was left out for somebody');
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    assert.deepEqual([media.holders, media.takers], [1, 1]);
    two[Symbol.dispose]();
    assert.deepEqual([media.holders, media.takers], [0, 0]);
    (await hold())[Symbol.dispose]();
    assert.equal(media.opened, 2);
  });

  test('a newcomer begins with the newest key fragment, in one go, and then gets each', async () => {
    const { media, hold } = world();
    media.put(...units.slice(0, 40));
    const movie = await hold();
    const early = take(movie);
    assert.deepEqual([early.fragments.length, early.fragments[0]?.isKey], [15, true]);
    media.put(...units.slice(40, 45));
    const late = take(movie);
    assert.equal(late.fragments.length, 20);
    assert.deepEqual(late.fragments, early.fragments);
    early.place[Symbol.dispose]();
    media.put(...units.slice(45, 46));
    assert.deepEqual([early.fragments.length, late.fragments.length], [20, 21]);
  });

  test('whoever throws is left out of it, and the others go on', async () => {
    const { media, hold } = world();
    media.put(...gop);
    const movie = await hold();
    movie.take({
      fragment: () => {
        throw new Error('no');
      },
      end: () => undefined,
    });
    const calm = take(movie);
    media.put(...units.slice(25, 30));
    assert.equal(calm.fragments.filter(({ isKey }) => isKey).length, 2);
    assert.equal(calm.fragments.length, 30);
  });

  test('the end is told once; the next hold opens anew', async () => {
    const { media, hold } = world();
    media.put(...gop);
    const movie = await hold();
    const watcher = take(movie);
    media.end();
    assert.ok(watcher.isOver());
    assert.ok(take(movie).isOver(), 'whoever comes too late is told at once');
    media.put(...units.slice(25));
    const next = await hold();
    assert.equal(media.opened, 2);
    movie[Symbol.dispose]();
    media.put(...units.slice(25));
    assert.ok(take(next).fragments.length > 0, 'letting the old one go leaves the new one alone');
    next[Symbol.dispose]();
    assert.equal(media.holders, 0);
  });
});

suite('no movie', () => {
  test('why the stream cannot be had is passed on, and tried again the next time', async () => {
    const { media, hold } = world();
    media.failure = new GlimpserError('source-unreachable', 'Yard does not answer.');
    await assert.rejects(hold(), { code: 'source-unreachable' });
    media.failure = undefined;
    media.put(...gop);
    await hold();
  });

  test('whoever leaves while it opens ends the opening', async () => {
    const { media, hold } = world();
    const leaving = new AbortController();
    const holding = hold(leaving.signal);
    await settle();
    assert.equal(media.takers, 1);
    leaving.abort();
    await assert.rejects(holding, { name: 'AbortError' });
    assert.deepEqual([media.holders, media.takers], [0, 0]);
  });

  test('a stream that never sends a key picture is given up in words', async () => {
    const { media, clock, hold } = world();
    const holding = hold();
    await settle();
    media.put(...units.slice(1, 10));
    const refused = assert.rejects(holding, { code: 'source-silent', message: /Yard sent no key picture/ });
    await clock.advance(30_000);
    await refused;
    assert.equal(media.holders, 0);
  });

  test('a stream without H.264 or H.265 is refused in words', async () => {
    const { media, hold } = world();
    media.tracks = tracks.map(track => ({ ...track, codec: 'JPEG' }));
    await assert.rejects(hold(), { code: 'no-movie', message: /Yard sends JPEG/ });
    assert.equal(media.holders, 0);
  });
});

test('the order of decoding is found out when the stream does not say it', () => {
  const order = new DecodeOrder(0, 10);
  const shown = [0, 30, 10, 20, 60, 40, 50, 90, 70, 80, 120, 100, 110];
  const decoded = shown.map(at => order.next(at));
  assert.ok(order.isReordered);
  decoded.reduce((before, at) => {
    assert.ok(at > before);
    return at;
  });
  const settled = decoded.map((at, index) => (shown[index] ?? 0) - at).slice(6);
  assert.ok(
    settled.every(wait => wait >= 0),
    `decoded in time: ${settled}`,
  );
});
