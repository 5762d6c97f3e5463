/** Several pictures as one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { type GridLook, PictureGrid, placesOf } from '#server/base/picture-grid.ts';
import { jpegOf } from '#test/peers/http-camera.ts';

const LOOK: GridLook = { width: 320, height: 180, columns: 2, gap: 4, hasLabels: false, quality: 90 };

/** The colour at a place of a picture. */
async function colourAt(image: Buffer, left: number, top: number): Promise<number[]> {
  const pixel = await sharp(image).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  return [...pixel];
}

function isNear(found: number[], wanted: number[]): boolean {
  return found.every((value, index) => Math.abs(value - (wanted[index] ?? 0)) < 12);
}

test('tiles fill rows from the left, never overlap and never leave the picture', () => {
  assert.deepEqual(placesOf(3, LOOK), [
    { left: 4, top: 4, width: 154, height: 84 },
    { left: 162, top: 4, width: 154, height: 84 },
    { left: 4, top: 92, width: 154, height: 84 },
  ]);
  for (let count = 2; count <= 16; count++) {
    for (const columns of [1, 2, 5, 8]) {
      for (const { left, top, width, height } of placesOf(count, { ...LOOK, columns, gap: 1 })) {
        assert.ok(width >= 1 && height >= 1 && left + width <= 320 && top + height <= 180);
      }
    }
  }
});

test('each picture stands in its tile, whole, and an empty tile says why it is empty', async () => {
  const grid = new PictureGrid(3, LOOK);
  const image = await grid.compose([
    { label: 'A', image: await jpegOf(160, 90, 'red'), words: '' },
    { label: 'B', image: await jpegOf(20, 90, 'blue'), words: '' },
    { label: 'C', image: undefined, words: 'No picture yet' },
  ]);
  const { width, height, format } = await sharp(image).metadata();
  assert.deepEqual([width, height, format], [320, 180, 'jpeg']);
  assert.ok(isNear(await colourAt(image, 80, 46), [254, 0, 0]));
  assert.ok(isNear(await colourAt(image, 239, 46), [0, 0, 254]), 'the tall one stands in the middle');
  assert.ok(isNear(await colourAt(image, 170, 46), [34, 40, 47]), 'with nothing beside it');
  assert.ok(isNear(await colourAt(image, 10, 100), [34, 40, 47]));
});

test('a picture that is old is dimmed, and its words stand over it', async () => {
  const grid = new PictureGrid(2, LOOK);
  const red = await jpegOf(160, 90, 'red');
  const draw = async (words: string) =>
    colourAt(await grid.compose([{ label: 'A', image: red, words }]), 10, 80);
  assert.ok(isNear(await draw(''), [254, 0, 0]));
  assert.ok(((await draw('Not answering'))[0] ?? 255) < 120);
  assert.ok(isNear(await draw(''), [254, 0, 0]), 'it is back');
});

test('a picture that is damaged costs its own tile only', async () => {
  const grid = new PictureGrid(2, LOOK);
  const image = await grid.compose([
    { label: 'A', image: Buffer.from('not a picture'), words: '' },
    { label: 'B', image: await jpegOf(160, 90, 'blue'), words: '' },
  ]);
  assert.ok(isNear(await colourAt(image, 239, 90), [0, 0, 254]));
});

test('names are written, cut to the tile, and nothing of them counts as drawing', async () => {
  const plain = new PictureGrid(2, LOOK);
  const named = new PictureGrid(2, { ...LOOK, hasLabels: true });
  const picture = await jpegOf(160, 90, 'white');
  const tiles = ['</text><image href="file:///etc/passwd"/>&\u0001', 'A very long name'.repeat(20)].map(
    label => ({
      ...{ label, image: picture, words: '' },
    }),
  );
  const bare = await plain.compose(tiles);
  const shown = await named.compose(tiles);
  assert.ok(isNear(await colourAt(bare, 150, 172), [34, 40, 47]));
  assert.ok(isNear(await colourAt(shown, 150, 172), [17, 20, 24]), 'a bar lies below the name');
});

test('pictures with a size of their own, alpha and many colours are taken', async () => {
  const create = {
    width: 50,
    height: 50,
    channels: 4 as const,
    background: { r: 0, g: 255, b: 0, alpha: 1 },
  };
  const png = await sharp({ create }).png().toBuffer();
  const gray = await sharp({ create }).greyscale().jpeg().toBuffer();
  const image = await new PictureGrid(2, LOOK).compose([
    { label: '', image: png, words: '' },
    { label: '', image: gray, words: '' },
  ]);
  assert.ok(isNear(await colourAt(image, 80, 46), [0, 255, 0]));
});
