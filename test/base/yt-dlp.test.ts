/** Finding the video behind a page: fixed arguments, an empty home, and what sites answer in our words. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createEgress } from '#server/base/egress.ts';
import type { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import { findYtDlp, type VideoSearch } from '#server/base/yt-dlp.ts';
import { expiryOf, readVideo, ytDlpFailure } from '#server/base/yt-dlp-answer.ts';
import { answering, fakeYtDlp, OPTIONS_OF_2023 } from '#test/peers/yt-dlp.ts';

const NOW = Date.UTC(2026, 0, 1);

function searchFor(t: TestContext, over: Partial<VideoSearch> = {}): VideoSearch & { notes: string[] } {
  const policy = { allowLoopback: false, websitesMayReachLan: false, exceptions: [], ownPorts: () => [] };
  const log = silentLog;
  const egress = createEgress({
    policy: () => policy,
    clock: systemClock,
    log,
    lookup: async () => [{ address: '93.184.215.14', family: 4 }],
  });
  t.after(() => egress[Symbol.asyncDispose]());
  const notes: string[] = [];
  return {
    ...{ url: 'https://video.test/watch?v=1', height: 480, name: 'Harbour', egress, notes },
    rules: { protocols: ['http', 'https'], reach: 'internet' },
    signal: new AbortController().signal,
    clock: systemClock,
    note: line => void notes.push(line),
    ...over,
  };
}

test('the arguments are fixed, its way out is the proxy of the guard, and the address is told to nobody else', async t => {
  const fake = await fakeYtDlp(t, `read line; echo "$line" >&2\n${answering('https://cdn.test/a.m3u8')}`);
  const ytDlp = await findYtDlp(fake.path);
  const search = searchFor(t, { url: 'https://ann:tulip@video.test/--exec=reboot' });
  const video = await ytDlp.find(search);
  assert.deepEqual([video.url, video.isLive, video.isPlaylist], ['https://cdn.test/a.m3u8', true, true]);
  const [start = ''] = await fake.starts();
  assert.match(start.replace(/127\.0\.0\.1:\d+/, 'PROXY'), /^--ignore-config --no-exec --no-playlist /);
  assert.match(
    start,
    /--no-cache-dir .*--proxy http:\/\/127\.0\.0\.1:\d+ .* -g -f b\[.*height<=\?480.* --batch-file -$/,
  );
  assert.doesNotMatch(start, /video\.test|tulip/);
  assert.equal(search.notes.length, 1, 'one line');
  assert.match(search.notes[0] ?? '', /video\.test\/--exec=reboot/);
});

test('what a version does not know is left out; plugins are switched off where that is known', async t => {
  const newer = await fakeYtDlp(
    t,
    answering('https://cdn.test/a.mp4'),
    `${OPTIONS_OF_2023} --no-plugin-dirs`,
  );
  const counted: Array<number | undefined> = [];
  await (await findYtDlp(newer.path)).find(searchFor(t, { onStart: ({ pid }) => void counted.push(pid) }));
  assert.equal(
    counted.length,
    1,
    'who keeps count is told of the search, and not of the question for its options',
  );
  assert.match((await newer.starts())[0] ?? '', /--no-plugin-dirs/);
  const older = await fakeYtDlp(t, answering('https://cdn.test/a.mp4'));
  await (await findYtDlp(older.path)).find(searchFor(t));
  assert.doesNotMatch((await older.starts())[0] ?? '', /plugin/);
});

test('a version that is too old to be safe is refused with the version that is needed', async t => {
  const fake = await fakeYtDlp(t, answering('https://cdn.test/a.mp4'), '--ignore-config --print --proxy');
  await assert.rejects((await findYtDlp(fake.path)).find(searchFor(t)), {
    code: 'program-failed',
    message: /does not know --no-exec, --no-playlist, --no-cache-dir, --batch-file.*2021\.12\.01 or newer/,
  });
  assert.deepEqual(await fake.starts(), []);
});

test('it runs in an empty home, without our environment', async t => {
  process.env['GLIMPSER_TEST_SECRET_KEY'] = 'tulip';
  t.after(() => void delete process.env['GLIMPSER_TEST_SECRET_KEY']);
  const script =
    'ls -A "$HOME" | wc -l >&2; env | grep -c tulip >&2; test "$HOME" = "$XDG_CONFIG_HOME" && echo same >&2';
  const fake = await fakeYtDlp(t, `${script}\n${answering('https://cdn.test/a.mp4')}`);
  const search = searchFor(t);
  await (await findYtDlp(fake.path)).find(search);
  assert.deepEqual(search.notes, ['0', '0', 'same']);
});

test('a missing program says how to get it', async t => {
  const install = { code: 'yt-dlp-missing', message: /apt-get install yt-dlp/ };
  await assert.rejects((await findYtDlp(undefined, '/nowhere')).find(searchFor(t)), install);
  const named = { code: 'yt-dlp-missing', message: /not at \/nowhere\/yt-dlp \(YT_DLP_PATH\)/ };
  await assert.rejects((await findYtDlp('/nowhere/yt-dlp')).find(searchFor(t)), named);
});

test('a page at a closed address is never asked for', async t => {
  const fake = await fakeYtDlp(t, answering('https://cdn.test/a.mp4'));
  const search = searchFor(t, { url: 'http://169.254.169.254/watch' });
  await assert.rejects((await findYtDlp(fake.path)).find(search), { code: 'address-refused' });
  assert.deepEqual(await fake.starts(), []);
});

test('one that hangs is ended, and so is one whose run ends', async t => {
  const fake = await fakeYtDlp(t, 'sleep 100');
  const ytDlp = await findYtDlp(fake.path);
  const hasty = { ...systemClock, after: (_ms: number, call: () => void) => systemClock.after(200, call) };
  await assert.rejects(ytDlp.find(searchFor(t, { clock: hasty })), { code: 'timed-out' });
  const stop = new AbortController();
  const search = searchFor(t, { signal: stop.signal });
  const found = ytDlp.find(search);
  setTimeout(() => stop.abort(), 100);
  await assert.rejects(found, { name: 'AbortError' });
});

for (const [line, code] of [
  ['ERROR: [youtube] x: Video unavailable. This video has been removed', 'source-unreachable'],
  ['ERROR: [youtube] x: Sign in to confirm you’re not a bot.', 'source-broken'],
  ['ERROR: [youtube] x: Private video. Sign in if you’ve been granted access', 'source-refused-login'],
  ['ERROR: [youtube] x: This live event will begin in 3 hours.', 'source-ended'],
  ['ERROR: Unsupported URL: https://a.test/', 'source-broken'],
  ['ERROR: Unable to download webpage: HTTP Error 429: Too Many Requests', 'source-broken'],
  ['ERROR: Unable to download webpage: <urlopen error timed out>', 'source-unreachable'],
  ['ERROR: something quite new', 'source-broken'],
] as const) {
  test(`“${line}” is understood`, () => {
    const error: GlimpserError = ytDlpFailure('Harbour', ['WARNING: old', line]);
    assert.equal(error.code, code);
    assert.match(error.message, /^Harbour: /);
  });
}

test('how long an address holds is read from it', () => {
  const at = NOW + 6 * 3_600_000;
  const seconds = at / 1000;
  assert.equal(expiryOf(`https://a.test/v?x=1&expire=${seconds}&y=2`, NOW), at);
  assert.equal(expiryOf(`https://a.test/api/manifest/hls_playlist/expire/${seconds}/ei/x`, NOW), at);
  assert.equal(expiryOf('https://a.test/v', NOW), NOW + 3_600_000);
  assert.equal(expiryOf('https://a.test/v?expire=1000000000', NOW), NOW + 3_600_000, 'long over');
});

test('only harmless headers are taken over', () => {
  const headers = { 'User-Agent': 'Mozilla', Referer: 'https://a.test/', Cookie: 'x=1', Origin: 'a\r\nb: c' };
  const video = readVideo(`false\n${JSON.stringify(headers)}\nhttps://a.test/v.mp4\n`, NOW);
  assert.deepEqual(video, {
    ...{ url: 'https://a.test/v.mp4', isLive: false, isPlaylist: false, expiresAt: NOW + 3_600_000 },
    headers: { 'User-Agent': 'Mozilla', Referer: 'https://a.test/' },
  });
  assert.equal(readVideo('file:///etc/passwd\n', NOW), undefined);
  assert.equal(readVideo('NA\nnot json {\n', NOW), undefined);
});
