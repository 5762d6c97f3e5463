import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import type { SourceState } from '#server/model/state.ts';
import { fold, type Known, knownAtFirst, type StateSignal } from '#server/stages/state/fold.ts';

const START = Date.UTC(2026, 0, 1);
const sourceId = 'door1234';

const started = (s: number): StateSignal => ({
  ...{ signal: 'source.started', sourceId, at: START + s * 1000, isPosted: false },
});
const awaited = (s: number): StateSignal => ({
  ...{ signal: 'source.started', sourceId, at: START + s * 1000, isPosted: true },
});
const captured = (s: number, httpStatus?: number): StateSignal => ({
  signal: 'source.captured',
  sourceId,
  at: START + s * 1000,
  bytes: 100,
  width: 64,
  height: 48,
  tookMs: 7,
  ...(httpStatus === undefined ? {} : { page: { httpStatus, title: 'Shop' } }),
});
const failed = (s: number, waitS: number | null = 1): StateSignal => ({
  signal: 'source.failed',
  sourceId,
  at: START + s * 1000,
  error: new GlimpserError('source-unreachable', 'No answer.'),
  retryAt: waitS === null ? null : START + (s + waitS) * 1000,
});
const stopped = (s: number, reason = 'Switched off'): StateSignal => ({
  signal: 'source.stopped',
  sourceId,
  at: START + s * 1000,
  reason,
});
const motion = (s: number, isOn: boolean): StateSignal => ({
  signal: 'source.triggered',
  sourceId,
  at: START + s * 1000,
  trigger: 'motion',
  isOn,
});
const PTZ = { canTurn: true, canZoom: false, presets: [], at: null };
const movable = (s: number): StateSignal => ({
  signal: 'ptz.changed',
  sourceId,
  at: START + s * 1000,
  ptz: PTZ,
});
const grace = (s: number): StateSignal => ({ signal: 'grace.passed', at: START + s * 1000 });

function after(...signals: StateSignal[]): Known {
  return signals.reduce(fold, knownAtFirst(sourceId, true, START));
}

const iso = (s: number) => new Date(START + s * 1000).toISOString();

const table: Array<[name: string, signals: StateSignal[], expected: Partial<SourceState>]> = [
  ['nobody told of motion', [captured(1), failed(2)], { triggers: { motion: null } }],
  [
    'the camera noticed motion',
    [captured(1), motion(2, true)],
    { triggers: { motion: true }, since: iso(1) },
  ],
  ['motion ends with a failure', [motion(1, true), failed(2)], { triggers: { motion: false } }],
  ['motion ends with the source', [motion(1, true), stopped(2)], { triggers: { motion: false } }],
  ['a camera that can be moved stays so', [movable(1), failed(2), failed(3)], { ptz: PTZ }],
  ['at first', [], { status: 'starting', isOnline: false, reason: 'Starting', since: iso(0) }],
  [
    'first picture',
    [started(0), captured(1)],
    { status: 'ok', isOnline: true, since: iso(1), lastFrameAt: iso(1), frames: 1, bytes: 100, captureMs: 7 },
  ],
  ['since stays while the status does', [captured(1), captured(2)], { since: iso(1), frames: 2 }],
  [
    'never a picture',
    [started(0), failed(1)],
    { status: 'error', isOnline: false, code: 'source-unreachable', retryAt: iso(2), failures: 1 },
  ],
  [
    'first failure shortly after a picture',
    [captured(1), failed(3)],
    { status: 'degraded', isOnline: true, reason: 'No answer.', code: 'source-unreachable', fps: null },
  ],
  ['second failure in a row', [captured(1), failed(3), failed(4)], { status: 'error', isOnline: false }],
  ['failure long after a picture', [captured(1), failed(11)], { status: 'error', isOnline: false }],
  ['grace passes', [captured(1), failed(3), grace(11)], { status: 'error', isOnline: false, since: iso(11) }],
  [
    'grace after recovery',
    [captured(1), failed(3), captured(4), grace(11)],
    { status: 'ok', isOnline: true },
  ],
  [
    'recovery',
    [captured(1), failed(3), failed(4), captured(6)],
    { status: 'ok', isOnline: true, code: null, retryAt: null, reason: 'Pictures come', failures: 2 },
  ],
  ['a try is running', [failed(1), started(2)], { status: 'error', retryAt: null, reason: 'No answer.' }],
  ['no retry', [failed(1, null)], { status: 'error', retryAt: null }],
  [
    'a page that answers 503',
    [captured(1, 503)],
    { status: 'degraded', isOnline: true, reason: 'The page answered 503', code: null },
  ],
  ['a page that is well again', [captured(1, 503), captured(2, 200)], { status: 'ok' }],
  [
    'switched off',
    [captured(1), stopped(2)],
    { status: 'disabled', isOnline: false, reason: 'Switched off', lastFrameAt: iso(1), frames: 1 },
  ],
  [
    'paused',
    [stopped(2, 'All captures are paused')],
    { status: 'disabled', reason: 'All captures are paused' },
  ],
  [
    'others send its pictures and none came yet',
    [awaited(1)],
    { status: 'waiting', isOnline: false, reason: 'Waiting for the first picture', since: iso(1) },
  ],
  ['the first that was sent', [awaited(1), captured(2)], { status: 'ok', isOnline: true }],
  [
    'switched on, and others send its pictures',
    [captured(1), stopped(2), awaited(3)],
    { status: 'waiting', reason: 'Waiting for the next picture' },
  ],
  ['switched on', [stopped(2), started(3)], { status: 'starting', reason: 'Starting', since: iso(3) }],
];

for (const [name, signals, expected] of table) {
  test(`fold: ${name}`, () => {
    const { state } = after(...signals);
    const picked = Object.fromEntries(
      Object.keys(expected).map(key => [key, state[key as keyof SourceState]]),
    );
    assert.deepEqual(picked, expected);
  });
}

const measured = (fps: number, bitsPerSecond: number): StateSignal => ({
  ...{ signal: 'source.measured', sourceId, at: START, fps, bitsPerSecond },
});
const weighed = (programs: SourceState['programs']): StateSignal => ({
  ...{ signal: 'source.weighed', sourceId, at: START, programs },
});
const dropped = (what: 'picture' | 'group'): StateSignal => ({
  ...{ signal: 'source.dropped', sourceId, at: START, what },
});

test('figures stay as they are until they differ notably: each change is told to everybody', () => {
  const figures = ({ state }: Known) => [state.fps, state.bitsPerSecond];
  const first = after(captured(1), measured(14.96, 2_000_000));
  assert.deepEqual(figures(first), [15, 2_000_000]);
  const second = fold(first, measured(15.2, 2_090_000));
  assert.deepEqual(second.state, first.state);
  assert.deepEqual(figures(fold(second, measured(12, 2_200_000))), [12, 2_200_000]);
  const anew = [failed(2), captured(3), measured(15.2, 2_090_000)].reduce(fold, first);
  assert.deepEqual(figures(anew), [15.2, 2_090_000]);
});

test('what programs take is known while any runs, in steps that say something', () => {
  const first = after(captured(1), weighed({ cpuPercent: 3.44, memoryMiB: 40.4 }));
  assert.deepEqual(first.state.programs, { cpuPercent: 3.4, memoryMiB: 40 });
  const same = fold(first, weighed({ cpuPercent: 3.8, memoryMiB: 41.9 }));
  assert.deepEqual(same.state, first.state);
  const more = fold(same, weighed({ cpuPercent: 12, memoryMiB: 43 }));
  assert.deepEqual(more.state.programs, { cpuPercent: 12, memoryMiB: 43 });
  assert.equal(fold(more, weighed(null)).state.programs, null);
});

test('what was left out is counted since the start, whatever comes between', () => {
  const { state } = after(captured(1), dropped('picture'), failed(2), dropped('group'), dropped('picture'));
  assert.deepEqual(state.dropped, { pictures: 2, groups: 1 });
});

test('what decodes is known, and what was given up for it', () => {
  const decoded = (decoder: 'software' | 'vaapi', givenUp: 'vaapi' | null): StateSignal => ({
    ...{ signal: 'source.decoded', sourceId, at: START, decoder, givenUp },
  });
  const { state } = after(captured(1), decoded('software', 'vaapi'));
  assert.deepEqual([state.decoder, state.decoderGivenUp], ['software', 'vaapi']);
  const back = after(decoded('software', 'vaapi'), decoded('vaapi', null)).state;
  assert.deepEqual([back.decoder, back.decoderGivenUp], ['vaapi', null]);
});

test('a source that is disabled at first says so', () => {
  assert.equal(knownAtFirst(sourceId, false, START).state.status, 'disabled');
});

test('the pace is that of the last ten pictures of one connection', () => {
  const frames = Array.from({ length: 30 }, (_, index) =>
    captured(index < 15 ? index : 15 + (index - 15) / 4),
  );
  assert.equal(after(...frames).state.fps, 4);
  assert.equal(after(...frames, failed(30), captured(31)).state.fps, null);
  assert.equal(after(captured(1), captured(2)).state.fps, 1);
});

test('folding changes nothing in place', () => {
  const before = after(captured(1));
  const copy = structuredClone(before);
  fold(before, failed(2));
  fold(before, captured(3));
  assert.deepEqual(before, copy);
});
