import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Egress } from '#server/base/egress.ts';
import { GlimpserError } from '#server/base/errors.ts';
import { type Ptz, type PtzControl, presetNames } from '#server/model/ptz.ts';
import type { Source } from '#server/model/source.ts';
import { initialState } from '#server/model/state.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import { createPtz } from '#server/stages/ptz/ptz.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { drivenKind } from '#test/fakes/driven-kind.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';

const PRESETS = [
  { id: '1', name: 'Gate' },
  { id: '2', name: 'Yard' },
];
const RIGHT = { pan: 0.5, tilt: 0, zoom: 0 };

function bench({ isFixed = false } = {}) {
  const { bus, told } = recordingBus();
  const clock = new FakeClock();
  const orders: string[] = [];
  const logged: string[] = [];
  const presets = [...PRESETS];
  const faults = new Set<string>();
  const order = async (text: string) => {
    orders.push(text);
    if (faults.has(text.split(' ', 1)[0] ?? '')) throw new GlimpserError('source-unreachable', 'It is away.');
  };
  const control: PtzControl = {
    async look() {
      await order('look');
      return isFixed ? undefined : { canTurn: true, canZoom: true, presets: [...presets] };
    },
    position: async () => ({ pan: 0, tilt: 0, zoom: null, isMoving: false }),
    move: ({ pan, tilt, zoom }, forMs) => order(`move ${pan} ${tilt} ${zoom} ${forMs}`),
    stop: () => order('stop'),
    goTo: preset => order(`go ${preset}`),
    async save({ name }) {
      await order(`save ${name}`);
      presets.push({ id: '3', name });
      return '3';
    },
  };
  const { kind } = drivenKind();
  const kinds = new Map<string, SourceKind>([
    ['movable', { ...kind, ptz: () => control }],
    ['driven', kind],
  ]);
  const sources = new Map<string, Source>();
  for (const source of [aSource({ kind: 'movable' }), aSource({ id: 'fixd1234' })])
    sources.set(source.id, source);
  const find = (id: string) => sources.get(id);
  const ptz = createPtz({ bus, clock, log: listLog(logged), kinds, egress: {} as Egress, find });
  const known = () => payloads(told, 'ptz.changed').map(payload => payload.ptz);
  const online = (id = 'door1234') => {
    const before = initialState(id, true, '');
    bus.emit('state.changed', { state: { ...before, isOnline: true }, before });
  };
  return { ptz, clock, bus, orders, known, online, logged, faults };
}

const at = (preset: string | null, presets = PRESETS): Ptz => ({
  canTurn: true,
  canZoom: true,
  presets,
  at: preset,
});

test('a camera that comes online is asked once how it can be moved', async () => {
  const { ptz, known, online, orders } = bench();
  await using _ = ptz;
  online();
  online('fixd1234');
  await ptz.settled();
  assert.deepEqual(orders, ['look']);
  assert.deepEqual(known(), [at(null)]);
});

test('every move stops by itself; one that goes on moves its end', async () => {
  const { ptz, clock, orders } = bench();
  await using _ = ptz;
  assert.equal(await ptz.move('door1234', RIGHT, 1000), true);
  await clock.advance(900);
  assert.equal(await ptz.move('door1234', RIGHT, 60_000), false, 'it moved already');
  await clock.advance(4900);
  assert.deepEqual(orders, ['move 0.5 0 0 1000', 'move 0.5 0 0 5000']);
  await clock.advance(200);
  assert.deepEqual(orders.at(-1), 'stop');
  await clock.advance(60_000);
  assert.equal(orders.length, 3);
});

test('a move that fails is stopped all the same, and so is what moves when the hub ends', async () => {
  const { ptz, clock, orders, faults, logged } = bench();
  faults.add('move').add('stop');
  await assert.rejects(ptz.move('door1234', RIGHT, 1000), { code: 'source-unreachable' });
  await clock.advance(1000);
  assert.deepEqual(orders, ['move 0.5 0 0 1000', 'stop']);
  assert.ok(logged.includes('warning: Front door may still move: It is away.'));
  faults.clear();
  await ptz.move('door1234', RIGHT, 5000);
  await ptz[Symbol.asyncDispose]();
  assert.equal(orders.at(-1), 'stop');
  assert.equal(clock.waiting, 0);
});

test('stop ends a move at once; a move at no speed is a stop', async () => {
  const { ptz, clock, orders } = bench();
  await using _ = ptz;
  const moving = ptz.move('door1234', RIGHT, 5000);
  await ptz.stop('door1234');
  await moving;
  assert.equal(await ptz.move('door1234', { pan: 0, tilt: 0, zoom: 0 }, 5000), false);
  await clock.advance(6000);
  assert.deepEqual(orders.slice(0, 3), ['move 0.5 0 0 5000', 'stop', 'stop']);
});

test('presets are gone to and saved, and where the camera stands is known until it is moved', async () => {
  const { ptz, known, orders } = bench();
  await using _ = ptz;
  await ptz.goTo('door1234', '2');
  await ptz.move('door1234', RIGHT, 1000);
  const saved = await ptz.save('door1234', { id: 'new', name: 'Path' });
  assert.deepEqual(saved, at('3', [...PRESETS, { id: '3', name: 'Path' }]));
  assert.deepEqual(known(), [at(null), at('2'), at(null), at(null, saved.presets), saved]);
  assert.deepEqual(orders, ['look', 'go 2', 'move 0.5 0 0 1000', 'save Path', 'look']);
  await assert.rejects(ptz.goTo('door1234', 'roof'), {
    code: 'not-found',
    message: /Gate \(1\), Yard \(2\)/,
  });
});

test('what cannot be moved says so', async () => {
  const { ptz } = bench({ isFixed: true });
  await using _ = ptz;
  await assert.rejects(ptz.look('door1234'), { code: 'not-found', message: /Front door cannot be moved/ });
  await assert.rejects(ptz.stop('fixd1234'), { code: 'not-found', message: /cannot be moved/ });
  await assert.rejects(ptz.stop('nobody12'), { code: 'not-found' });
});

test('a camera with another address is asked anew, and what moved at the old one is stopped', async () => {
  const { ptz, bus, orders } = bench();
  await using _ = ptz;
  await ptz.move('door1234', RIGHT, 1000);
  const before = aSource({ kind: 'movable' });
  bus.emit('source.changed', { source: { ...before, options: { url: 'other' } }, before });
  await ptz.look('door1234');
  assert.deepEqual(orders, ['move 0.5 0 0 1000', 'stop', 'look']);
});

test('names of presets are told apart', () => {
  const twice = [...PRESETS, { id: '9', name: 'Gate' }];
  assert.deepEqual([...presetNames(twice).keys()], ['Gate', 'Yard', 'Gate (9)']);
});
