import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareCells } from '#server/base/picture-diff-cells.ts';
import { planesOf } from '#server/base/picture-diff-planes.ts';
import { type DrawnPage, digit, drawnPage } from '#test/fakes/drawn-page.ts';

const format = { type: 'png' } as const;
const TOLERANCE = { luma: 28, colour: 24 };

/** How many pixels count as changed. */
async function countOf(before: DrawnPage, after: DrawnPage): Promise<number> {
  const one = await planesOf(await drawnPage({ format, ...before }), 1);
  const other = await planesOf(await drawnPage({ format, ...after }), 1);
  return compareCells(one, other, TOLERANCE).changed.reduce((sum, count) => sum + count, 0);
}

test('no pixel counts when everything is a pixel or less off, as each lies between its neighbours', async () => {
  for (const shift of [0, 0.25, 0.5, 1]) assert.equal(await countOf({}, { shift }), 0, `${shift} px`);
});

test('pixels count when everything is three pixels off, and when something is new', async () => {
  assert.ok((await countOf({}, { shift: 3 })) > 1000);
  assert.ok((await countOf({}, { extra: digit(1, 480, 200) })) > 20);
});

test('means tell how bright each cell is in both', async () => {
  const one = await planesOf(await drawnPage({ format, lines: 0 }), 1);
  const other = await planesOf(await drawnPage({ format, lines: 0, shade: 0.5 }), 1);
  const { before, after, columns, rows } = compareCells(one, other, TOLERANCE);
  assert.deepEqual([columns, rows], [80, 50]);
  assert.equal(before.at(-1), 255);
  assert.ok(Math.abs((after.at(-1) ?? 0) - 127) < 3);
});
