/** The book of starts: what counts as an early end, for how long, and what a damaged or forbidden file does. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StartBook } from '#server/store/start-book.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { listLog } from '#test/fakes/watch-bench.ts';

async function setUp(t: TestContext) {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'starts.json');
  const clock = new FakeClock();
  const logged: string[] = [];
  const open = (where = file) => new StartBook({ file: where, clock, log: listLog(logged) });
  return { folder, file, clock, logged, open };
}

test('starts that nothing good is known of are counted, whatever ended them', async t => {
  const { open } = await setUp(t);
  for (let i = 0; i < 3; i++) {
    const book = open();
    assert.equal(book.early, i);
    book.begin();
  }
  assert.equal(open().early, 3);
});

test('calm and an end in order forget them; an end in order after a crash does not', async t => {
  const { open, folder } = await setUp(t);
  open().begin();
  const calm = open();
  calm.begin();
  calm.clear();
  assert.equal(open().early, 0);
  assert.deepEqual(await readdir(folder), []);
  const crashed = open();
  crashed.begin();
  crashed.crash(new Error('No way to rtsp://ann:tulip@10.0.0.5/1'));
  crashed.clear();
  assert.equal(open().early, 1);
  assert.equal(open().lastWords, 'No way to rtsp://***@10.0.0.5/1');
});

test('what lies ten minutes away is no storm, before or ahead; a renewed one counts again', async t => {
  const { open, clock, file } = await setUp(t);
  const book = open();
  book.begin();
  await clock.advance(599_000);
  assert.equal(open().early, 1);
  await clock.advance(2000);
  assert.equal(open().early, 0);
  book.renew();
  assert.equal(open().early, 1);
  await writeFile(file, JSON.stringify({ startedAt: [clock.now() + 700_000], lastWords: null }));
  assert.equal(open().early, 0);
});

test('a file that a full disk cut, and one that cannot be written, hold no start up', async t => {
  const { open, file, logged, folder } = await setUp(t);
  for (const text of ['', '{"startedAt":[1', '[]', '{"startedAt":"x"}']) {
    await writeFile(file, text);
    assert.equal(open().early, 0, text);
  }
  open(join(folder, 'nowhere', 'starts.json')).begin();
  assert.match(logged.join(), /Starts cannot be counted/);
  open().begin();
  assert.equal(JSON.parse(await readFile(file, 'utf8')).startedAt.length, 1);
});
