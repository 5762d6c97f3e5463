import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime } from '#server/base/clock.ts';
import { type ErrorCode, GlimpserError } from '#server/base/errors.ts';
import { Placeholders } from '#server/doors/live/placeholder.ts';
import { stillOf } from '#server/doors/live/stills.ts';
import type { Frame } from '#server/model/frame.ts';
import { initialState } from '#server/model/state.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { jpeg } from '#test/fakes/pictures.ts';

async function still(code: ErrorCode, isFresh: boolean) {
  const clock = new FakeClock();
  const frame: Frame = { ...(await jpeg('#ff0000')), sourceId: 'cam1', sequence: 1 };
  const parts = {
    clock,
    sources: { find: () => undefined },
    states: { of: () => ({ ...initialState('cam1', true, isoTime(0)), isOnline: true }) },
    watching: { latest: () => frame },
    pictures: { still: () => Promise.reject(new GlimpserError(code, 'It cannot be made.')) },
    placeholders: new Placeholders(),
  };
  return stillOf(parts, 'cam1', { width: 32 }, isFresh);
}

test('while too many pictures are made a snapshot is refused, so that it is asked for again', async () => {
  await assert.rejects(still('too-many-requests', false), { code: 'too-many-requests' });
});

test('what else fails is a placeholder, and in a stream everything is', async () => {
  assert.equal((await still('picture-invalid', false)).tag, undefined);
  assert.equal((await still('too-many-requests', true)).tag, undefined);
});
