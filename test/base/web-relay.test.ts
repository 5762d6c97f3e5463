/** The relay for video on the web: opens once, leads nowhere else, and keeps logins to the server they are for. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createEgress, type Egress, type EgressPolicy } from '#server/base/egress.ts';
import { silentLog } from '#server/base/log.ts';
import { redact } from '#server/base/redact.ts';
import { PLAYLIST_BYTES } from '#server/base/web-playlist.ts';
import { openWebRelay, type WebRelay, type WebRelayOptions } from '#server/base/web-relay.ts';
import { until } from '#test/fakes/until.ts';
import { startHttpCamera } from '#test/peers/http-camera.ts';

function guardWith(t: TestContext, over: Partial<EgressPolicy> = {}): Egress {
  const policy = {
    allowLoopback: true,
    websitesMayReachLan: true,
    exceptions: [],
    ownPorts: () => [],
    ...over,
  };
  const egress = createEgress({ policy: () => policy, clock: systemClock, log: silentLog });
  t.after(() => egress[Symbol.asyncDispose]());
  return egress;
}

async function relayTo(t: TestContext, url: string, over: Partial<WebRelayOptions> = {}): Promise<WebRelay> {
  const egress = guardWith(t);
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
  const [, door = 'none'] = /token=([^/]+)/.exec(relay.url) ?? [];
  assert.ok(!part.includes(door));
  assert.equal((await get(part.replace(/token=[^/]+/, 'token=guessed'))).status, 404);
  assert.equal((await get(part.replace(/\/part\/\d+/, '/part/99'))).status, 404, 'not named by any playlist');
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

test('what FFmpeg prints of an address tells neither what it stands for nor how to open it', async t => {
  await using site = await startHttpCamera(
    (_, response) => void response.end(list('#EXTINF:2,', 'one.ts?token=tulip')),
  );
  const relay = await relayTo(t, new URL('/live.m3u8?sig=rose', site.url).href);
  const [inside = ''] = await addressesIn(relay.url);
  const [part = ''] = await addressesIn(inside);
  const [again = ''] = await addressesIn(inside);
  assert.equal(part, again, 'an address stays what it is');
  assert.equal((await get(part)).status, 200);
  assert.equal(site.requests.at(-1)?.url, '/one.ts?token=tulip');
  const host = new URL(relay.url).host;
  for (const [url, shown] of [
    [relay.url, `http://${host}/list/0/token=***`],
    [inside, `http://${host}/list/1/token=***`],
    [part, `http://${host}/part/2/token=***`],
  ] as const) {
    assert.equal(redact(`[hls] Opening '${url}' for reading`), `[hls] Opening '${shown}' for reading`);
  }
});

test('a playlist of a great many pieces is refused in a sentence, with the hub awake', async t => {
  await using site = await startHttpCamera((asked, response) => {
    if (asked.url === '/live.m3u8')
      return void response.writeHead(302, { Location: `/${'x'.repeat(600)}/a` }).end();
    response.end(list('a\n'.repeat(900_000)));
  });
  const relay = await relayTo(t, new URL('/live.m3u8', site.url).href);
  assert.equal((await get(relay.url)).status, 502);
  assert.equal(relay.failure?.code, 'body-too-large');
  assert.match(relay.failure?.message ?? '', /more than 20000 pieces of video.*shorter/);
});

for (const scheme of ['basic', 'digest'] as const) {
  test(`a ${scheme} login that was refused is sent no more, whatever is asked for`, async t => {
    const pieces = ['a.ts', 'b.ts', 'c.ts', 'd.ts'].flatMap(name => ['#EXTINF:2,', name]);
    const guard = { username: 'ann', password: 'tulip', scheme, open: /m3u8/ };
    await using site = await startHttpCamera((_, response) => void response.end(list(...pieces)), guard);
    const login = { username: 'ann', password: 'daisy' };
    const relay = await relayTo(t, new URL('/live.m3u8', site.url).href, { login });
    const [inside = ''] = await addressesIn(relay.url);
    const parts = await addressesIn(inside);
    const answers = await Promise.all([...parts, ...parts].map(part => get(part)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401]));
    await get(inside);
    await get(parts[0] ?? '');
    assert.deepEqual([site.wrongTries, relay.failure?.code], [1, 'source-refused-login']);
  });
}

test('a piece that fails is not explained away by its playlist, which works', async t => {
  await using site = await startHttpCamera((asked, response) => {
    if (/m3u8/.test(asked.url ?? '')) response.end(list('#EXTINF:2,', 'a.ts', '#EXTINF:2,', 'b.ts'));
    else response.writeHead(/a\.ts/.test(asked.url ?? '') ? 403 : 200).end();
  });
  const relay = await relayTo(t, new URL('/live.m3u8', site.url).href);
  const [inside = ''] = await addressesIn(relay.url);
  const [first = '', second = ''] = await addressesIn(inside);
  await get(first);
  assert.equal((await get(inside)).status, 200);
  assert.equal(relay.failure?.code, 'source-refused-login');
  assert.equal((await get(second)).status, 200);
  assert.equal(relay.failure, undefined);
});

test('a playlist on the internet leads to nothing in the own network, also not by a second playlist', async t => {
  await using router = await startHttpCamera((_, response) => void response.end('rebooting'));
  const home = new URL('/reboot', router.url).href;
  await using site = await startHttpCamera((asked, response) => {
    if (asked.url === '/moved.ts') return void response.writeHead(302, { Location: home }).end();
    response.end(list('#EXTINF:2,', home, '#EXTINF:2,', '/moved.ts', '#EXTINF:2,', '/own.m3u8'));
  });
  await using near = await startHttpCamera((_, response) => {
    response.end(list('#EXT-X-STREAM-INF:BANDWIDTH=9', new URL('/live.m3u8', site.url).href));
  });
  const egress = guardWith(t, { exceptions: [new URL(site.url).host] });
  const far = await relayTo(t, new URL('/live.m3u8', site.url).href, { egress });
  const [inside = ''] = await addressesIn(far.url);
  const led = await relayTo(t, new URL('/live.m3u8', near.url).href, { egress });
  const [second = ''] = await addressesIn(led.url);
  for (const [list, relay] of [
    [inside, far],
    [second, led],
  ] as const) {
    const [reboot = '', moved = '', own = ''] = await addressesIn(list);
    assert.deepEqual([(await get(own)).status, relay.failure], [200, undefined]);
    assert.deepEqual([(await get(reboot)).status, (await get(moved)).status], [403, 403]);
    assert.match(relay.failure?.message ?? '', /may not reach into your network/);
  }
  assert.equal(router.requests.length, 0);
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
