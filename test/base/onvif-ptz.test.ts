/** Moving an ONVIF camera. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { OnvifControl } from '#server/base/onvif-control.ts';
import { onvifBench } from '#test/fakes/onvif.ts';

test('a camera is moved, stopped, and sent to places that it remembers', async () => {
  await using bench = await onvifBench();
  const { peer, signal } = bench;
  const control = new OnvifControl(systemClock, () => bench.open(), 'auto');
  assert.deepEqual(await control.look(signal), {
    canTurn: true,
    canZoom: true,
    presets: [
      { id: '1', name: 'Door' },
      { id: '2', name: 'Yard & gate' },
    ],
  });
  assert.deepEqual(await control.position(signal), { pan: 0.25, tilt: -0.5, zoom: 0, isMoving: true });
  await control.move({ pan: 0.5, tilt: -1, zoom: 0 }, 5000, signal);
  await control.move({ pan: 0, tilt: 0, zoom: 1 }, 1500, signal);
  await control.stop(signal);
  await control.goTo('2', signal);
  assert.equal(await control.save({ id: '1', name: 'Gate' }, signal), '1');
  assert.equal(await control.save({ id: 'new', name: 'Path' }, signal), '3', 'the camera gives its own id');
  assert.deepEqual(peer.moves, [
    'move 0.5 -1 0 PT5.0S',
    'move 0 0 1 PT1.5S',
    'stop',
    'go 2',
    'set 1 Gate',
    'set 3 Path',
  ]);
});

test('a camera that cannot be moved says so', async () => {
  await using bench = await onvifBench({ isFixed: true });
  const control = new OnvifControl(systemClock, () => bench.open(), 'auto');
  assert.equal(await control.look(bench.signal), undefined);
  await assert.rejects(control.stop(bench.signal), { code: 'not-found' });
});
