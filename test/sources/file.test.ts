import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import file from '#server/sources/file.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { openInlet } from '#test/fakes/inlet.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';

const optionsFor = (path: string, more: object = {}) => file.options.parse({ path, ...more });

/** A media folder with a clip of two seconds, five pictures a second. */
async function mediaFolder(t: TestContext): Promise<string> {
  const folder = join(await temporaryFolder(t), 'media');
  await mkdir(join(folder, 'clips'), { recursive: true });
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=5:duration=2'];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-pix_fmt', 'yuv420p'];
  await promisify(execFile)('ffmpeg', [...source, ...coded, join(folder, 'clips/100% door.mp4')]);
  return folder;
}

test('a clip is played again and again at its own speed', async t => {
  await using run = await sourceContext({ mediaFolder: await mediaFolder(t) });
  const startedAt = performance.now();
  const pictures = await firstOf(file.frames(optionsFor('clips/100% door.mp4'), run.context), 16);
  assert.deepEqual([pictures[0]?.width, pictures[0]?.height], [320, 180]);
  assert.ok(performance.now() - startedAt > 2000, 'sixteen pictures are more than the clip has');
});

test('the coded stream is handed on across the end of the clip', async t => {
  const { inlet, streams } = await openInlet(t);
  await using run = await sourceContext({ mediaFolder: await mediaFolder(t), inlet });
  const options = optionsFor('clips/100% door.mp4', { stillEvery: '1s' });
  assert.equal((await firstOf(file.frames(options, run.context), 5)).length, 5);
  assert.deepEqual(
    streams.map(({ tracks }) => tracks[0]?.codec),
    ['H264'],
    'one stream, never started afresh',
  );
});

test('one picture is taken when one is wanted', async t => {
  await using run = await sourceContext({ mediaFolder: await mediaFolder(t), isSingle: true });
  const pictures = await Array.fromAsync(file.frames(optionsFor('clips/100% door.mp4'), run.context));
  assert.equal(pictures.length, 1);
});

for (const path of [
  '/etc/passwd',
  '../x.mp4',
  'a/../../x.mp4',
  './x.mp4',
  'a//x.mp4',
  'a\\x.mp4',
  'a\0.mp4',
  '',
])
  test(`the path ${JSON.stringify(path)} is refused where it is written`, () => {
    assert.equal(file.options.safeParse({ path }).success, false);
  });

test('links that lead out are refused, links inside are followed', async t => {
  const folder = await mediaFolder(t);
  await writeFile(join(folder, '..', 'secret.mp4'), 'not for everybody');
  await symlink(join(folder, '..', 'secret.mp4'), join(folder, 'out.mp4'));
  await symlink(join(folder, '..'), join(folder, 'up'));
  await symlink('clips/100% door.mp4', join(folder, 'in.mp4'));
  await using run = await sourceContext({ mediaFolder: folder, isSingle: true });
  for (const path of ['out.mp4', 'up/secret.mp4', 'up']) {
    await assert.rejects(firstOf(file.frames(optionsFor(path), run.context), 1), {
      code: 'address-refused',
      message: /^Front door: .*leads out of the media folder/,
    });
  }
  assert.equal((await firstOf(file.frames(optionsFor('in.mp4'), run.context), 1)).length, 1);
});

test('a missing file, a folder, and a file that is no video are said in words', async t => {
  const folder = await mediaFolder(t);
  await writeFile(join(folder, 'notes.mp4'), 'Just some words.');
  await writeFile(join(folder, 'list.m3u8'), '#EXTM3U\n#EXTINF:1,\n/etc/passwd\n');
  await using run = await sourceContext({ mediaFolder: folder });
  const fails = (path: string, expected: object) =>
    assert.rejects(firstOf(file.frames(optionsFor(path), run.context), 1), expected);
  await fails('gone.mp4', { code: 'source-unreachable', message: /there is no file “gone.mp4”/ });
  await fails('clips', { code: 'source-broken', message: /is no file/ });
  await fails('notes.mp4', { code: 'source-broken' });
  // Playlists could name any file of this machine.
  await fails('list.m3u8', { code: 'source-broken' });
});
