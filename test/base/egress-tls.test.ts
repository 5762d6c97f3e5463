import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { systemClock } from '#server/base/clock.ts';
import { createEgress } from '#server/base/egress.ts';
import { silentLog } from '#server/base/log.ts';
import { realBrowser } from '#test/fakes/real-browser.ts';

const needsOpenssl = { skip: spawnSync('openssl', ['version']).status !== 0 };

/** A server whose certificate is its own and names cam.test. */
async function tlsSite(t: TestContext): Promise<{ port: number; names: unknown[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'egress-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=cam.test', '-addext', 'subjectAltName=DNS:cam.test'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const names: unknown[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, answer) => {
    names.push((request.socket as TLSSocket).servername);
    answer.setHeader('content-type', 'text/html');
    answer.end(`<title>secure</title>${request.headers.host}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, names };
}

test('a fetch names the host to the server, though it connects to an address', needsOpenssl, async t => {
  const { port, names } = await tlsSite(t);
  const policy = { allowLoopback: true, websitesMayReachLan: true, exceptions: [], ownPorts: () => [] };
  await using egress = createEgress({
    policy: () => policy,
    clock: systemClock,
    log: silentLog,
    lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  });
  const rules = { protocols: ['https'], reach: 'lan' } as const;
  const request = { rules, signal: AbortSignal.timeout(20_000) };
  const url = `https://cam.test:${port}/`;
  await assert.rejects(egress.fetch(url, request), { code: 'source-unreachable', message: /certificate/ });
  const answer = await egress.fetch(url, { ...request, isCertificateChecked: false });
  assert.match(String(Buffer.concat(await answer.body.toArray())), new RegExp(`cam.test:${port}`));
  assert.deepEqual(names, ['cam.test']);
  // The connection that was opened without a check must not serve a request that wants one.
  await assert.rejects(egress.fetch(url, request), { code: 'source-unreachable' });
});

test('a page with such a certificate opens only when that is allowed', needsOpenssl, async t => {
  const { port } = await tlsSite(t);
  await using real = realBrowser([`127.0.0.1:${port}`]);
  const rules = { protocols: ['https'], reach: 'page' } as const;
  const titleOf = (isCertificateChecked: boolean) =>
    real.browser.withPage(
      { width: 300, height: 200, scale: 1, rules, timeoutMs: 20_000, isCertificateChecked },
      AbortSignal.timeout(40_000),
      async page => {
        await page.goto(`https://127.0.0.1:${port}/`);
        return page.title();
      },
    );
  await assert.rejects(titleOf(true), /ERR_CERT/);
  assert.equal(await titleOf(false), 'secure');
});
