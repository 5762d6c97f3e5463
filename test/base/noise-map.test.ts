import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoiseMap } from '#server/base/noise-map.ts';
import { diffPictures } from '#server/base/picture-diff.ts';
import { digit, drawnPage } from '#test/fakes/drawn-page.ts';

const GRID = { columns: 40, rows: 20, scale: 1 };

/** A look at which these cells had changed. */
function look(...cells: Array<[column: number, row: number]>) {
  const moved = new Uint8Array(GRID.columns * GRID.rows);
  for (const [column, row] of cells) moved[row * GRID.columns + column] = 1;
  return { ...GRID, moved };
}

test('what changes again and again is noise, with a margin; one edit is not', () => {
  const map = new NoiseMap();
  for (let i = 0; i < 6; i++) map.learn(i === 2 ? look([10, 5], [30, 15]) : look([10, 5]));
  assert.deepEqual(map.boxes(), [{ left: 64, top: 24, width: 40, height: 40 }]);
});

test('nothing is known before four looks', () => {
  const map = new NoiseMap();
  for (let i = 0; i < 3; i++) map.learn(look([10, 5]));
  assert.deepEqual(map.boxes(), []);
  map.learn(look([10, 5]));
  assert.equal(map.boxes().length, 1);
});

test('holes in a restless place belong to it, what lies within a thin frame does not', () => {
  const map = new NoiseMap();
  const carousel: Array<[number, number]> = [];
  for (let x = 5; x < 15; x += 2) for (let y = 5; y < 15; y += 2) carousel.push([x, y]);
  for (let i = 0; i < 5; i++) map.learn(look(...carousel));
  assert.deepEqual(map.boxes(), [{ left: 24, top: 24, width: 104, height: 104 }]);
  const framed = new NoiseMap();
  const frame: Array<[number, number]> = [];
  for (let x = 0; x < 40; x++) frame.push([x, 0], [x, 19]);
  for (let y = 0; y < 20; y++) frame.push([0, y], [39, y]);
  for (let i = 0; i < 5; i++) framed.learn(look(...frame));
  const covers = framed.boxes().some(({ left, top, width, height }) => {
    return left <= 160 && top <= 80 && left + width > 160 && top + height > 80;
  });
  assert.equal(covers, false);
});

test('what calmed down is watched again', () => {
  const map = new NoiseMap();
  for (let i = 0; i < 60; i++) map.learn(look([10, 5]));
  for (let i = 0; i < 10; i++) map.learn(look());
  assert.equal(map.boxes().length, 1, 'not at once');
  for (let i = 0; i < 60; i++) map.learn(look());
  assert.deepEqual(map.boxes(), []);
});

test('the same bytes count as a look at which nothing moved; another size begins anew', () => {
  const map = new NoiseMap();
  for (let i = 0; i < 5; i++) map.learn(look([10, 5]));
  for (let i = 0; i < 60; i++) map.learn({ columns: 0, rows: 0, scale: 1, moved: new Uint8Array() });
  assert.deepEqual(map.boxes(), []);
  for (let i = 0; i < 60; i++) map.learn(look([10, 5]));
  map.learn({ columns: 10, rows: 10, scale: 1, moved: new Uint8Array(100) });
  assert.deepEqual(map.boxes(), []);
});

test('a clock on a page is learned from its pictures, so that only an edit elsewhere is told', async () => {
  const page = (minute: number, value: number) =>
    drawnPage({ extra: digit(minute % 10, 560, 20) + digit(value, 480, 200) });
  const map = new NoiseMap();
  let before = await page(0, 3);
  for (let minute = 1; minute <= 5; minute++) {
    const after = await page(minute, 3);
    const diff = await diffPictures(before, after, map.boxes());
    assert.equal(diff.isChanged, minute <= 4, `minute ${minute}`);
    map.learn(diff);
    before = after;
  }
  const edited = await diffPictures(before, await page(7, 4), map.boxes());
  assert.equal(edited.boxes.length, 1);
  assert.ok((edited.boxes[0]?.left ?? 0) < 500);
});
