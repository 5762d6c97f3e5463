import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState, type SourceState } from '#server/model/state.ts';
import { rememberStates } from '#server/stages/state/remember.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { listLog, recordingBus } from '#test/fakes/watch-bench.ts';

function bench() {
  const { bus } = recordingBus();
  const clock = new FakeClock();
  const logged: string[] = [];
  const saved: string[][] = [];
  const states = new Map<string, SourceState>();
  const parts = {
    ...{ bus, clock, log: listLog(logged) },
    states: () => [...states.values()],
    save: async (some: readonly SourceState[]) => {
      saved.push(some.map(state => `${state.sourceId} ${state.frames}`));
      if (saved.length === 1 && logged.length > 0) throw new Error('locked');
    },
  };
  const change = (sourceId: string, frames: number) => {
    const state = { ...initialState(sourceId, true, ''), frames };
    states.set(sourceId, state);
    bus.emit('state.changed', { state, before: state });
  };
  return { parts, clock, saved, states, change, logged };
}

test('changed states are written together after half a minute, each as it is then, and the rest at the stop', async () => {
  const { parts, clock, saved, change } = bench();
  const remembering = rememberStates(parts);
  change('door1234', 1);
  change('gate1234', 1);
  await clock.advance(29_999);
  change('door1234', 9);
  assert.deepEqual(saved, []);
  await clock.advance(1);
  assert.deepEqual(saved, [['door1234 9', 'gate1234 1']]);
  await clock.advance(300_000);
  assert.equal(saved.length, 1, 'nothing changed, nothing is written');
  change('gate1234', 2);
  await remembering[Symbol.asyncDispose]();
  assert.deepEqual(saved[1], ['gate1234 2']);
  assert.equal(clock.waiting, 0);
  change('gate1234', 3);
  await settle();
  assert.equal(saved.length, 2);
});

test('a removed source is not written', async () => {
  const { parts, clock, saved, states, change } = bench();
  await using _ = rememberStates(parts);
  change('door1234', 1);
  states.clear();
  await clock.advance(30_000);
  assert.deepEqual(saved, []);
});

test('a store that fails is logged, and the next change is written', async () => {
  const { parts, clock, saved, change, logged } = bench();
  logged.push('fail once');
  await using _ = rememberStates(parts);
  change('door1234', 1);
  await clock.advance(30_000);
  assert.ok(logged.includes('warning: The states of sources could not be remembered'));
  change('door1234', 2);
  await clock.advance(30_000);
  assert.deepEqual(saved.at(-1), ['door1234 2']);
});
