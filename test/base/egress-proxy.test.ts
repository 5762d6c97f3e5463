import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createEgress, type Egress, type EgressPolicy } from '#server/base/egress.ts';
import { type EgressProxy, openEgressProxy } from '#server/base/egress-proxy.ts';
import { silentLog } from '#server/base/log.ts';
import { realBrowser } from '#test/fakes/real-browser.ts';
import { startWebSite } from '#test/peers/web-site.ts';

const rules = { protocols: ['http', 'https'], reach: 'page' } as const;

function guard(exceptions: string[], over: Partial<EgressPolicy> = {}): Egress {
  const policy = { allowLoopback: false, websitesMayReachLan: true, exceptions, ownPorts: () => [], ...over };
  return createEgress({ policy: () => policy, clock: systemClock, log: silentLog });
}

async function through(proxy: EgressProxy, path: string): Promise<{ status: number; text: string }> {
  const asked = request({ host: '127.0.0.1', port: proxy.port, path, agent: false }).end();
  const [answer] = await once(asked, 'response');
  return { status: answer.statusCode, text: Buffer.concat(await answer.toArray()).toString() };
}

async function tunnel(proxy: EgressProxy, place: string, say = ''): Promise<string> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.write(`CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n\r\n${say}`);
  return Buffer.concat(await socket.toArray()).toString();
}

describe('the proxy', () => {
  test('passes allowed requests on and says why it refuses others', async () => {
    await using open = await startWebSite();
    await using closed = await startWebSite();
    await using egress = guard([`127.0.0.1:${open.port}`]);
    await using proxy = await egress.openProxy(rules);
    const allowed = await through(proxy, `${open.url}/normal`);
    assert.equal(allowed.status, 200);
    assert.match(allowed.text, /Hello/);
    const refused = await through(proxy, `${closed.url}/normal`);
    assert.equal(refused.status, 403);
    assert.match(refused.text, /this machine itself/);
    assert.equal((await through(proxy, 'http://169.254.169.254/x')).status, 403);
    assert.match((await through(proxy, 'http://[::ffff:169.254.169.254]/x')).text, /metadata/);
    assert.equal((await through(proxy, 'file:///etc/passwd')).status, 403);
    assert.equal((await through(proxy, '/normal')).status, 403);
    assert.deepEqual(closed.paths, []);
    assert.equal(proxy.failureOf(`127.0.0.1:${closed.port}`)?.code, 'address-refused');
    assert.deepEqual([proxy.requests, proxy.refused], [6, 5]);
  });

  test('tunnels to allowed places only', async () => {
    await using open = await startWebSite();
    await using closed = await startWebSite();
    await using egress = guard([`127.0.0.1:${open.port}`]);
    await using proxy = await egress.openProxy(rules);
    const say = 'GET /normal HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    assert.match(await tunnel(proxy, `127.0.0.1:${open.port}`, say), /^HTTP\/1.1 200 Connection.*Hello/s);
    assert.match(
      await tunnel(proxy, `127.0.0.1:${closed.port}`, say),
      /^HTTP\/1.1 403 .*this machine itself/s,
    );
    assert.match(await tunnel(proxy, 'localhost:22', say), /^HTTP\/1.1 403 /);
    assert.match(await tunnel(proxy, '[::1]:22', say), /^HTTP\/1.1 403 /);
    assert.match(await tunnel(proxy, 'user@127.0.0.1:22', say), /^HTTP\/1.1 403 /);
    assert.deepEqual(closed.paths, []);
  });

  test('reports a machine that does not answer, and closes what is open', async () => {
    await using egress = guard(['127.0.0.1:9']);
    const proxy = await egress.openProxy(rules);
    const { status, text } = await through(proxy, 'http://127.0.0.1:9/');
    assert.equal(status, 502);
    assert.match(text, /refuses connections/);
    const idle = connect(proxy.port, '127.0.0.1');
    await once(idle, 'connect');
    const closed = once(idle, 'close');
    await proxy[Symbol.asyncDispose]();
    await closed;
    await proxy[Symbol.asyncDispose]();
  });
});

test('ends what is endless', async () => {
  await using site = await startWebSite();
  await using egress = guard([`127.0.0.1:${site.port}`]);
  const check = (url: string) => egress.check(url, rules);
  await using proxy = await openEgressProxy({ check, connectMs: 2000, maxBytes: 100_000 });
  await assert.rejects(through(proxy, `${site.url}/endless`), { code: 'ECONNRESET' });
  assert.ok(proxy.bytes > 100_000 && proxy.bytes < 1_000_000, `${proxy.bytes} bytes came in`);
});

describe('a real browser behind it', () => {
  test('reaches no refused port, by frame, image, fetch, redirect, socket or beacon', async () => {
    await using site = await startWebSite();
    await using secret = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`]);
    const page = { width: 400, height: 300, scale: 1, rules, timeoutMs: 30_000 };
    const signal = AbortSignal.timeout(60_000);
    for (const base of [
      secret.url,
      secret.url.replace('127.0.0.1', 'localhost'),
      `http://[::1]:${secret.port}`,
    ]) {
      const seen = site.paths.length;
      await real.browser.withPage(page, signal, async opened => {
        await opened.goto(`${site.url}/frame?url=${encodeURIComponent(base)}`, { waitUntil: 'networkidle0' });
        assert.equal(await opened.title(), 'Framed');
      });
      // The redirect was asked for, so the page really tried.
      assert.ok(site.paths.slice(seen).some(path => path.startsWith('/to?url=')));
    }
    assert.deepEqual(secret.paths, []);
  });

  test('reaches an allowed port by all of them, so the test above can fail', async () => {
    await using site = await startWebSite();
    await using other = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`, `127.0.0.1:${other.port}`]);
    const page = { width: 400, height: 300, scale: 1, rules, timeoutMs: 30_000 };
    await real.browser.withPage(page, AbortSignal.timeout(60_000), async opened => {
      await opened.goto(`${site.url}/frame?url=${encodeURIComponent(other.url)}`, {
        waitUntil: 'networkidle0',
      });
    });
    for (const path of ['/iframe', '/image', '/fetch', '/redirected', '/socket', '/beacon']) {
      assert.ok(other.paths.includes(path), path);
    }
  });
});
