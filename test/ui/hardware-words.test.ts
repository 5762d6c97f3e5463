/** What was found out about decoders, in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  byPreset,
  decoderWords,
  foundWords,
  type HardwareRow,
} from '@glimpser/ui/app/settings/hardware-words.ts';

function row(over: Partial<HardwareRow> = {}): HardwareRow {
  return {
    ...{
      preset: 'vaapi',
      title: 'VAAPI',
      codec: 'h264',
      device: null,
      isUsable: false,
      reason: 'Not there.',
    },
    ...{ framesPerSecond: null, softwareFramesPerSecond: null },
    ...over,
  };
}

test('the same reason for all is said once', () => {
  assert.deepEqual(foundWords([row(), row({ codec: 'h265' })]), ['Not there.']);
  assert.deepEqual(foundWords([row(), row({ codec: 'h265', reason: 'Wrong.' })]), [
    'H.264: Not there.',
    'H.265: Wrong.',
  ]);
});

test('speed is told where it is clearly higher', () => {
  const works = { isUsable: true, device: '/dev/dri/renderD128', softwareFramesPerSecond: 1000 };
  assert.deepEqual(foundWords([row({ ...works, framesPerSecond: 3000 })]), [
    'H.264: works, about 3.0 times as fast as software (/dev/dri/renderD128).',
  ]);
  assert.deepEqual(foundWords([row({ ...works, framesPerSecond: 1100 })]), [
    'H.264: works (/dev/dri/renderD128).',
  ]);
  assert.deepEqual(foundWords([row({ isUsable: true, device: '0' })]), ['H.264: works.']);
});

test('what works stands first', () => {
  const rows = [row(), row({ preset: 'cuda', title: 'NVDEC', isUsable: true })];
  assert.deepEqual(
    byPreset(rows).map(({ title }) => title),
    ['NVDEC', 'VAAPI'],
  );
});

test('a decoder has the name that the table gives it', () => {
  const uses = { h264: 'vaapi', h265: 'software' };
  assert.deepEqual(
    (['h264', 'h265'] as const).map(codec => decoderWords({ uses, rows: [row()] }, codec)),
    ['VAAPI', 'Software'],
  );
});
