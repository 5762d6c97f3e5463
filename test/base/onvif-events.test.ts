/** The camera's own motion sensor: followed, filtered by picture, given back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { cameraMotion } from '#server/base/onvif-events.ts';
import { pickProfile, readProfiles } from '#server/base/onvif-media.ts';
import { followMotion } from '#server/base/onvif-motion.ts';
import { onvifBench } from '#test/fakes/onvif.ts';
import { until } from '#test/fakes/until.ts';

test('motion is told at each change, only of the picture that is looked at, and the subscription is given back', async () => {
  await using bench = await onvifBench();
  const { peer, signal } = bench;
  const camera = await bench.open();
  const profile = pickProfile(await readProfiles(camera, signal), 'auto', 'Door');
  const told: boolean[] = [];
  for await (const isMoving of cameraMotion({ camera, profile, clock: systemClock, signal })) {
    told.push(isMoving);
    if (told.length === 1) {
      peer.motion(true, 'another picture');
      peer.motion(true);
      peer.motion(true);
    } else if (told.length === 2) peer.motion(false);
    else break;
  }
  assert.deepEqual(told, [false, true, false]);
  await until('the subscription was given back', () => peer.subscriptions === 0);
});

test('a camera without events is noted, and one that refuses is asked again later', async () => {
  await using numb = await onvifBench({ isNumb: true });
  const notes: string[] = [];
  const triggers: boolean[] = [];
  const parts = async (bench: typeof numb) => {
    const camera = await bench.open();
    const profile = pickProfile(await readProfiles(camera, bench.signal), 'auto', 'Door');
    const trigger = (_name: 'motion', isOn: boolean) => void triggers.push(isOn);
    return {
      camera,
      profile,
      clock: systemClock,
      signal: bench.signal,
      note: (line: string) => void notes.push(line),
      trigger,
    };
  };
  await using _numb = followMotion(await parts(numb));
  await until('a note', () => notes.length === 1);
  await using full = await onvifBench({
    instead: { CreatePullPointSubscription: response => void response.writeHead(500).end('busy') },
  });
  await using _full = followMotion(await parts(full));
  await until('another note', () => notes.length === 2);
  assert.match(notes.join('\n'), /no motion sensor.*\n.*cannot be followed: Door answers 500/);
  assert.deepEqual(triggers, [false], 'what it could tell is at rest until it does');
});
