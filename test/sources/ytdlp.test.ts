import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type Clock, systemClock } from '#server/base/clock.ts';
import { createEgress } from '#server/base/egress.ts';
import { silentLog } from '#server/base/log.ts';
import type { YtDlp } from '#server/base/yt-dlp.ts';
import { findYtDlp } from '#server/base/yt-dlp.ts';
import ytdlp from '#server/sources/ytdlp.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { startHlsCamera } from '#test/peers/hls-camera.ts';
import { startHttpCamera } from '#test/peers/http-camera.ts';
import { answering, fakeYtDlp } from '#test/peers/yt-dlp.ts';

const PAGE = 'https://93.184.215.14/watch';
const options = (more: object = {}) => ytdlp.options.parse({ url: PAGE, ...more });

/** Only public addresses are open, and these peers. */
function guard(t: TestContext, ...peers: string[]) {
  const exceptions = peers.map(peer => new URL(peer).host);
  const policy = { allowLoopback: false, websitesMayReachLan: false, exceptions, ownPorts: () => [] };
  const egress = createEgress({ policy: () => policy, clock: systemClock, log: silentLog });
  t.after(() => egress[Symbol.asyncDispose]());
  return egress;
}

test('a live video is played from the address that was found', async t => {
  await using camera = await startHlsCamera();
  const fake = await fakeYtDlp(t, answering(camera.playlist, { headers: { Referer: 'https://a.test/' } }));
  const egress = guard(t, camera.playlist);
  await using run = await sourceContext({ egress, ytDlp: await findYtDlp(fake.path), isSingle: true });
  const pictures = await Array.fromAsync(ytdlp.frames(options({ width: 160 }), run.context));
  assert.deepEqual([pictures.length, pictures[0]?.width], [1, 160]);
  assert.equal(camera.requests.at(-1)?.headers.referer, 'https://a.test/');
});

test('a recorded video is played again when it has ended, without asking anew', async t => {
  const file = join(await temporaryFolder(t), 'clip.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=5:duration=1'];
  await promisify(execFile)('ffmpeg', [...source, '-c:v', 'libx264', '-movflags', '+faststart', file]);
  const clip = await readFile(file);
  await using site = await startHttpCamera((_, response) => void response.end(clip));
  const soon = Math.ceil(Date.now() / 1000) + 90;
  const url = new URL(`/clip.mp4?expire=${soon}`, site.url).href;
  const fake = await fakeYtDlp(t, answering(url, { isLive: false }));
  const egress = guard(t, site.url);
  await using run = await sourceContext({ egress, ytDlp: await findYtDlp(fake.path) });
  assert.equal((await firstOf(ytdlp.frames(options(), run.context), 7)).length, 7);
  assert.equal((await fake.starts()).length, 1);
});

test('a recorded video whose index stands at its end is read there first', async t => {
  const file = join(await temporaryFolder(t), 'clip.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=10:duration=4'];
  await promisify(execFile)('ffmpeg', [...source, '-c:v', 'libx264', '-b:v', '4M', '-g', '10', file]);
  const clip = await readFile(file);
  await using site = await startHttpCamera((asked, response) => {
    const [, from = '0'] = /bytes=(\d+)-/.exec(asked.headers.range ?? '') ?? [];
    const range = `bytes ${from}-${clip.length - 1}/${clip.length}`;
    const headers = {
      'content-range': range,
      'accept-ranges': 'bytes',
      'content-length': clip.length - Number(from),
    };
    response.writeHead(206, headers).end(clip.subarray(Number(from)));
  });
  const fake = await fakeYtDlp(t, answering(new URL('/clip.mp4', site.url).href, { isLive: false }));
  await using run = await sourceContext({ egress: guard(t, site.url), ytDlp: await findYtDlp(fake.path) });
  assert.equal((await firstOf(ytdlp.frames(options({ fps: 10 }), run.context), 5)).length, 5);
  assert.ok(
    site.requests.some(({ headers }) => /bytes=[1-9]/.test(headers.range ?? '')),
    'it was sought in',
  );
});

/** A clock that holds back what is due in half a minute or later. */
function holding() {
  const held: Array<{ ms: number; call: () => void }> = [];
  const after: Clock['after'] = (ms, call) => {
    if (ms < 29_000) return systemClock.after(ms, call);
    held.push({ ms, call });
    return { [Symbol.dispose]: () => undefined };
  };
  return { held, clock: { ...systemClock, after } };
}

for (const [lifeMs, dueMs] of [
  [3_600_000, 3_480_000],
  [150_000, 75_000],
  [45_000, 30_000],
  [-5000, 30_000],
] as const) {
  test(`a new address is looked for ahead of time, and not at once: ${lifeMs / 1000} s`, async t => {
    await using first = await startHlsCamera();
    await using second = await startHlsCamera();
    const egress = guard(t, first.playlist, second.playlist);
    const found = [first, second].map(({ playlist }, index) => ({
      ...{ url: playlist, headers: {}, isLive: true, isPlaylist: true },
      expiresAt: Date.now() + (index === 0 ? lifeMs : 7_200_000),
    }));
    const ytDlp: YtDlp = {
      path: '/fake',
      find: async () => found.shift() ?? assert.fail('asked for too often'),
    };
    const { held, clock } = holding();
    await using run = await sourceContext({ egress, ytDlp, clock });
    let count = 0;
    for await (const _picture of ytdlp.frames(options({ fps: 10 }), run.context)) {
      const [due] = held;
      if (++count === 3) due?.call();
      if (second.requests.length > 2) break;
    }
    assert.ok(Math.abs((held[0]?.ms ?? 0) - dueMs) < 1000, `${held[0]?.ms} ms`);
  });
}

test('an address in the own network that a site names is refused', async t => {
  await using camera = await startHlsCamera();
  const fake = await fakeYtDlp(t, answering(camera.playlist));
  await using run = await sourceContext({ egress: guard(t), ytDlp: await findYtDlp(fake.path) });
  await assert.rejects(firstOf(ytdlp.frames(options(), run.context), 1), { code: 'address-refused' });
  assert.equal(camera.requests.length, 0);
});

test('a missing yt-dlp is said in words', async () => {
  await using run = await sourceContext();
  await assert.rejects(firstOf(ytdlp.frames(options(), run.context), 1), {
    code: 'yt-dlp-missing',
    message: /apt-get install yt-dlp/,
  });
});
