import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { GlimpserError } from '#server/base/errors.ts';
import { diffPictures } from '#server/base/picture-diff.ts';
import { digit, drawnPage } from '#test/fakes/drawn-page.ts';

const PLACE = { left: 480, top: 200, width: 12, height: 20 };
const at = (value: number) => digit(value, PLACE.left, PLACE.top);

test('the same bytes are known without decoding, the same page in coarser JPEG after a look', async () => {
  const page = await drawnPage();
  const same = await diffPictures(page, Buffer.from(page));
  assert.deepEqual([same.isChanged, same.rung], [false, 'bytes']);
  const coarser = await diffPictures(page, await drawnPage({ format: { type: 'jpeg', quality: 60 } }));
  assert.deepEqual([coarser.isChanged, coarser.rung, coarser.share], [false, 'cells', 0]);
});

test('a page that is a pixel or less off has not changed', async () => {
  for (const shift of [0.25, 0.5, 0.75, 1]) {
    const diff = await diffPictures(
      await drawnPage({ extra: at(3) }),
      await drawnPage({ extra: at(3), shift }),
    );
    assert.equal(diff.isChanged, false, `${shift} px, ${JSON.stringify(diff.boxes)}`);
  }
});

test('one digit is a change, with the place around it', async () => {
  const before = await drawnPage({ extra: at(3) });
  for (const value of [0, 1, 2, 4, 5, 6, 7, 8, 9]) {
    const diff = await diffPictures(before, await drawnPage({ extra: at(value) }));
    assert.equal(diff.isChanged, true, `3 becomes ${value}`);
    assert.equal(diff.boxes.length, 1);
    const [box = assert.fail()] = diff.boxes;
    assert.ok(
      box.left >= 472 && box.top >= 192 && box.left + box.width <= 504 && box.top + box.height <= 232,
    );
    assert.ok(diff.share > 0 && diff.share < 0.001, `${diff.share}`);
  }
});

test('another colour of the same brightness is a change', async () => {
  const dot = (fill: string) => drawnPage({ extra: `<circle cx="520" cy="100" r="6" fill="${fill}"/>` });
  assert.equal((await diffPictures(await dot('#2d8a4e'), await dot('#d1242f'))).isChanged, true);
});

test('a page that is a little darker as a whole has the same structure', async () => {
  const plain = (shade: number) => drawnPage({ shade, format: { type: 'png' } });
  const diff = await diffPictures(await plain(0), await plain(0.14));
  assert.equal(diff.isChanged, false);
});

test('what is to be left out does not count, the rest does', async () => {
  const before = await drawnPage({ extra: at(3) });
  const after = await drawnPage({ extra: at(8) });
  const around = { left: 470, top: 190, width: 32, height: 40 };
  const masked = await diffPictures(before, after, [around]);
  assert.deepEqual([masked.isChanged, masked.share], [false, 0]);
  assert.ok(masked.moved.includes(1), 'a noise map still learns from it');
  assert.equal((await diffPictures(before, after, [{ ...around, left: 0, width: 502 }])).isChanged, false);
  assert.equal((await diffPictures(before, after, [{ ...around, top: 300 }])).isChanged, true);
  const beyond = { left: -50, top: 5000, width: 1e9, height: 1e9 };
  assert.equal((await diffPictures(before, after, [beyond])).isChanged, true);
});

test('all text in another typeface says the same; other words in the same typeface do not', async () => {
  const page = await drawnPage({ lines: 14 });
  const restyled = await diffPictures(page, await drawnPage({ lines: 14, letterHeight: 4 }));
  assert.deepEqual([restyled.isChanged, restyled.rung], [false, 'typeface']);
  const reworded = await diffPictures(page, await drawnPage({ lines: 14, seed: 2 }));
  assert.deepEqual([reworded.isChanged, reworded.rung === 'typeface'], [true, false]);
});

test('another page is told from afar', async () => {
  const stripe = (i: number) => `<rect x="${i * 213}" width="106" height="400" fill="#123"/>`;
  const stripes = [0, 1, 2].map(stripe);
  const diff = await diffPictures(await drawnPage(), await drawnPage({ extra: stripes.join('') }));
  assert.deepEqual([diff.isChanged, diff.rung], [true, 'page']);
  assert.ok(diff.share > 0.3);
});

test('a page that grew changed at its end, one of another width as a whole', async () => {
  const grown = await diffPictures(await drawnPage(), await drawnPage({ height: 480 }));
  assert.deepEqual(grown.boxes, [{ left: 0, top: 400, width: 640, height: 80 }]);
  const jittered = await diffPictures(await drawnPage(), await drawnPage({ height: 404 }));
  assert.equal(jittered.isChanged, false);
  const wider = await diffPictures(await drawnPage(), await drawnPage({ width: 660 }));
  assert.deepEqual([wider.rung, wider.share], ['size', 1]);
});

test('boxes of a picture that is compared at a smaller scale are in its own pixels', async () => {
  const size = { width: 3200, height: 2400 };
  const plain = (extra: string) =>
    sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="3200" height="2400">${extra}</svg>`))
      .resize(size)
      .flatten({ background: '#fff' })
      .jpeg()
      .toBuffer();
  const { boxes, scale } = await diffPictures(
    await plain(''),
    await plain('<rect x="3000" y="2200" width="100" height="100" fill="#000"/>'),
  );
  const [box = assert.fail()] = boxes;
  assert.ok(scale > 1);
  assert.ok(
    Math.abs(box.left - 3000) < 24 && Math.abs(box.top + box.height - 2300) < 24,
    JSON.stringify(box),
  );
});

test('what is no picture is refused in words', async () => {
  const refused = (thrown: unknown) => thrown instanceof GlimpserError && thrown.code === 'picture-invalid';
  await assert.rejects(diffPictures(await drawnPage(), Buffer.from('<html>')), refused);
});

test('tiny pictures are compared, too', async () => {
  const dot = (fill: string) =>
    sharp({ create: { width: 3, height: 3, channels: 3, background: fill } })
      .png()
      .toBuffer();
  const diff = await diffPictures(await dot('#fff'), await dot('#000'));
  assert.deepEqual([diff.isChanged, diff.boxes[0]], [true, { left: 0, top: 0, width: 3, height: 3 }]);
});
