/** The relay for video on the web: opens once, leads nowhere else, and keeps logins to the server they are for. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createEgress } from '#server/base/egress.ts';
import { silentLog } from '#server/base/log.ts';
import { PLAYLIST_BYTES } from '#server/base/web-playlist.ts';
import { openWebRelay, type WebRelay, type WebRelayOptions } from '#server/base/web-relay.ts';
import { until } from '#test/fakes/until.ts';
import { startHttpCamera } from '#test/peers/http-camera.ts';

async function relayTo(t: TestContext, url: string, over: Partial<WebRelayOptions> = {}): Promise<WebRelay> {
  const egress = createEgress({
    policy: () => ({ allowLoopback: true, websitesMayReachLan: true, exceptions: [], ownPorts: () => [] }),
    ...{ clock: systemClock, log: silentLog },
  });
  t.after(() => egress[Symbol.asyncDispose]());
  const relay = await openWebRelay({
    ...{ url, login: undefined, headers: {}, isPlaylist: true, egress, name: 'Harbour' },
    rules: { protocols: ['http', 'https'], reach: 'lan' },
    ...over,
  });
  t.after(() => relay[Symbol.asyncDispose]());
  return relay;
}

const list = (...lines: string[]) => ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...lines, ''].join('\n');
const get = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers, redirect: 'manual' });

/** The addresses in a playlist that the relay gives. */
async function addressesIn(url: string): Promise<string[]> {
  const text = await (await get(url)).text();
  return text.split('\n').filter(line => /^http/.test(line));
}

test('the address that FFmpeg is told works once, and what it leads to is known to nobody else', async t => {
  await using site = await startHttpCamera((_, response) => void response.end(list('#EXTINF:2,', 'one.ts')));
  const relay = await relayTo(t, new URL('/live.m3u8', site.url).href);
  const [inside = ''] = await addressesIn(relay.url);
  assert.equal((await get(relay.url)).status, 404, 'no second time');
  const [part = ''] = await addressesIn(inside);
  assert.match(part, /\/part\.ts$/);
  assert.ok(!part.includes(new URL(relay.url).pathname.split('/')[1] ?? ''));
  assert.equal((await get(part.replace(/[^/]+(?=\/part\/)/, 'guessed'))).status, 404);
  assert.equal((await get(inside)).status, 200, 'a playlist is read again and again');
});

test('through it as a proxy nothing but itself is reached, and that is told', async t => {
  await using site = await startHttpCamera((_, response) => void response.end(list()));
  const relay = await relayTo(t, new URL('/live.m3u8', site.url).href);
  const { port } = new URL(relay.proxyUrl);
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: site.url }, answer => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
  assert.deepEqual([status, site.requests.length, relay.failure?.code], [403, 0, 'address-refused']);
});

for (const scheme of ['basic', 'digest'] as const) {
  test(`a ${scheme} login goes to its own server and to no other; a wrong one is told once`, async t => {
    const login = { username: 'ann', password: 'tulip' };
    await using other = await startHttpCamera((_, response) => void response.end('video'));
    const answer = list('#EXTINF:2,', 'own.ts', '#EXTINF:2,', new URL('/far.ts', other.url).href);
    await using site = await startHttpCamera((_, response) => void response.end(answer), {
      ...login,
      scheme,
    });
    const relay = await relayTo(t, new URL('/live.m3u8', site.url).href, { login });
    const [inside = ''] = await addressesIn(relay.url);
    const [own = '', far = ''] = await addressesIn(inside);
    const answers = await Promise.all([get(own), get(own), get(far)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
    const wrong = await relayTo(t, new URL('/live.m3u8', site.url).href, {
      login: { ...login, password: 'daisy' },
    });
    assert.equal((await get(wrong.url)).status, 401);
    assert.equal(wrong.failure?.code, 'source-refused-login');
  });
}

test('a part is passed on in pieces as it is asked for, with the headers that its site wants', async t => {
  await using site = await startHttpCamera((asked, response) => {
    response
      .writeHead(206, { 'content-range': 'bytes 2-5/10', 'set-cookie': 'a=b' })
      .end(asked.headers.range);
  });
  const headers = { Referer: 'https://a.test/' };
  const relay = await relayTo(t, new URL('/clip.mp4', site.url).href, { isPlaylist: false, headers });
  await get(relay.url);
  const answer = await get(relay.url, { range: 'bytes=2-5' });
  assert.deepEqual([answer.status, await answer.text()], [206, 'bytes=2-5']);
  assert.deepEqual(
    [answer.headers.get('content-range'), answer.headers.get('set-cookie')],
    ['bytes 2-5/10', null],
  );
  assert.equal(site.requests.at(-1)?.headers.referer, 'https://a.test/');
});

test('a playlist that does not end is given up; what failed and works again explains nothing', async t => {
  let isLarge = true;
  const large = Buffer.alloc(PLAYLIST_BYTES + 1, 'x');
  await using site = await startHttpCamera(
    (_, response) => void response.end(isLarge ? large : list('a.ts')),
  );
  const relay = await relayTo(t, new URL('/live.m3u8', site.url).href);
  assert.equal((await get(relay.url)).status, 502);
  assert.equal(relay.failure?.code, 'body-too-large');
  isLarge = false;
  const again = await relayTo(t, new URL('/live.m3u8', site.url).href);
  const [inside = ''] = await addressesIn(again.url);
  isLarge = true;
  await get(inside);
  assert.equal(again.failure?.code, 'body-too-large');
  isLarge = false;
  await get(inside);
  assert.equal(again.failure, undefined);
});

test('nothing goes on when it is closed', async t => {
  let isGone = false;
  await using site = await startHttpCamera((asked, response) => {
    response.on('close', () => {
      isGone = true;
    });
    response.writeHead(200).write('begin');
    asked.resume();
  });
  const relay = await relayTo(t, new URL('/clip.ts', site.url).href, { isPlaylist: false });
  const endless = await get(relay.url);
  await relay[Symbol.asyncDispose]();
  await assert.rejects(endless.text());
  await until('the site is left', () => isGone);
  await assert.rejects(get(relay.url));
});
