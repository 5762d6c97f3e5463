/** What decides how a movie is played: the live edge, the hub's clock, who may stay connected. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { START_MS } from '#server/stages/movie/maker.ts';
import { STREAM_WAIT_MS } from '#server/stages/stream/running.ts';
import { FIRST_WORD_MS } from '#ui/widgets/appended-movie.ts';
import { HubClock } from '#ui/widgets/hub-clock.ts';
import { steer } from '#ui/widgets/live-edge.ts';
import { type LiveFacts, liveMode, wishNow } from '#ui/widgets/live-mode.ts';
import { sourceClass } from '#ui/widgets/movie-support.ts';
import { isSteady } from '#ui/widgets/schedule-words.ts';
import type { SourceState, SourceStatus } from '#ui/widgets/shapes.ts';
import { isWaking } from '#ui/widgets/status-words.ts';
import { StreamTurns } from '#ui/widgets/stream-turns.ts';

const at = (position: number, over = {}) => ({
  position,
  start: 0,
  end: 20,
  rate: 1,
  isBegun: true,
  ...over,
});

test('a movie leaps to the live edge at first, when far behind, and out of a hole', () => {
  assert.deepEqual(steer(at(19, { isBegun: false })), { leapTo: 19.8, rate: 1 });
  assert.deepEqual(steer(at(18)), { leapTo: 19.8, rate: 1 });
  assert.deepEqual(steer(at(5, { start: 19.9 })), { leapTo: 19.9, rate: 1 });
  assert.deepEqual(steer(at(21)), { leapTo: 19.8, rate: 1 });
});

test('a little late, it hurries until it is near', () => {
  assert.deepEqual(steer(at(19)), { rate: 1.1 });
  assert.deepEqual(steer(at(19.4, { rate: 1.1 })), { rate: 1.1 });
  assert.deepEqual(steer(at(19.4)), { rate: 1 });
  assert.deepEqual(steer(at(19.7, { rate: 1.1 })), { rate: 1 });
});

test('what was seen long ago is forgotten', () => {
  assert.deepEqual(steer(at(39.9, { end: 40 })), { rate: 1, trimTo: 29.9 });
});

test('how far behind a picture is counts from its arrival at the hub, whatever our clock says', () => {
  const clock = new HubClock();
  assert.equal(clock.behindMs(0, 0), undefined);
  // The hub is 50,000 ms ahead of us, and a message takes 10 ms each way.
  clock.answered(1000, 1020, 51_010);
  assert.equal(clock.behindMs(0, 0), undefined, 'nothing is known of the movie yet');
  clock.marked({ startMs: 2000, hubMs: 51_500 });
  assert.equal(clock.behindMs(2000, 1900), 400);
  assert.equal(clock.behindMs(2040, 1900), 360);
  assert.equal(clock.behindMs(9000, 1900), 0, 'never ahead of the hub');
  // A slow ping tells less than a quick one.
  clock.answered(3000, 4000, 53_900);
  assert.equal(clock.behindMs(2000, 1900), 400);
});

test('who is out of sight, held or offline stays connected by nothing', () => {
  const facts: LiveFacts = {
    isTabShown: true,
    isInView: true,
    isPaused: false,
    isOnline: true,
    wish: 'movie',
    hasTurn: true,
  };
  assert.deepEqual([liveMode(facts), wishNow(facts)], ['movie', 'movie']);
  assert.equal(liveMode({ ...facts, hasTurn: false }), 'stills');
  assert.equal(liveMode({ ...facts, wish: undefined }), 'stills');
  for (const away of [{ isTabShown: false }, { isInView: false }]) {
    assert.deepEqual([liveMode({ ...facts, ...away }), wishNow({ ...facts, ...away })], ['rest', undefined]);
  }
  for (const still of [{ isPaused: true }, { isOnline: false }]) {
    assert.deepEqual(
      [liveMode({ ...facts, ...still }), wishNow({ ...facts, ...still })],
      ['last', undefined],
    );
  }
});

test('a player waits longer for the first word than the hub takes to wake a camera and to give it up', () => {
  assert.ok(FIRST_WORD_MS > STREAM_WAIT_MS + START_MS);
});

test('a camera is said to wake only when it sleeps until somebody looks', () => {
  const state = (status: SourceStatus) => ({ status }) as SourceState;
  assert.ok(isWaking(state('asleep'), 'on-demand'));
  assert.ok(isWaking(state('starting'), 'on-demand'));
  assert.ok(!isWaking(state('ok'), 'on-demand'));
  assert.ok(!isWaking(state('error'), 'on-demand'));
  assert.ok(!isWaking(state('starting'), 'live'));
  assert.deepEqual(['live', 'on-demand', '10s'].map(isSteady), [true, true, false]);
});

test('a turn that is given back goes to the next in line', () => {
  const turns = new StreamTurns(1);
  const granted: string[] = [];
  const one = turns.ask(() => granted.push('one'));
  const two = turns.ask(() => granted.push('two'));
  const three = turns.ask(() => granted.push('three'));
  assert.deepEqual([one.isGranted, two.isGranted, granted], [true, false, []]);
  two.release();
  one.release();
  assert.deepEqual([three.isGranted, granted], [true, ['three']]);
});

test('the managed source goes first, and there may be none', () => {
  const [managed, plain] = [class {}, class {}] as unknown as [typeof MediaSource, typeof MediaSource];
  assert.equal(sourceClass({ ManagedMediaSource: managed, MediaSource: plain }), managed);
  assert.equal(sourceClass({ MediaSource: plain }), plain);
  assert.equal(sourceClass({}), undefined);
});
