/** How a source fares, in words: what is known, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decoderText, healthOf } from '@glimpser/ui/app/source/source-health.ts';
import { HARDWARE_PRESETS, HARDWARE_RECIPES } from '#server/base/ffmpeg-hardware.ts';
import { initialState, type SourceState } from '#server/model/state.ts';

const fresh = initialState('door1234', true, '2026-01-01T00:00:00.000Z');
const words = (over: Partial<SourceState>) => {
  const { facts, sentences } = healthOf({ ...fresh, ...over }, 'en');
  return [...facts.map(({ name, value }) => `${name}: ${value}`), ...sentences];
};

test('what is not known, and what never happened, is not shown', () => {
  assert.deepEqual(words({}), []);
  assert.deepEqual(words({ fps: 0.0167 }), [], 'a page that is looked at every minute');
});

test('figures stand in the units that people know', () => {
  assert.deepEqual(
    words({
      ...{ fps: 14.96, bitsPerSecond: 2_140_000, decoder: 'vaapi', reconnects: 1, failures: 3 },
      programs: { cpuPercent: 3.4, memoryMiB: 41 },
    }),
    [
      ...['Pictures a second: 15', 'Stream: 2.1 Mbit/s', 'Decoded by: VAAPI (Intel, AMD)'],
      ...['Processor: 3.4 % of a core', 'Memory: 41 MiB', 'Reconnected: Once', 'Failed: 3 times'],
    ],
  );
  assert.deepEqual(words({ bitsPerSecond: 98_400 }), ['Stream: 98 kbit/s']);
});

test('hardware that was given up, and a machine that is too slow, are said in sentences', () => {
  assert.deepEqual(words({ decoder: 'software', decoderGivenUp: 'rkmpp' }), [
    'Decoded by: Software',
    'RKMPP (Rockchip) gave no picture, so this camera is decoded in software now.',
  ]);
  assert.deepEqual(words({ dropped: { pictures: 1200, groups: 2 } }), [
    'Pictures left out: 1,200',
    'Skipped for slow viewers: 2 times',
    'Pictures are left out when this machine is too slow for them.',
  ]);
});

test('every way to decode has the name that the settings give it', () => {
  for (const preset of HARDWARE_PRESETS) assert.equal(decoderText(preset), HARDWARE_RECIPES[preset].title);
  assert.equal(decoderText('newer'), 'newer');
});
