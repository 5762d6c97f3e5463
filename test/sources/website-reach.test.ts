import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Lookup } from '#server/base/egress-names.ts';
import website from '#server/sources/website.ts';
import { type RealBrowser, realBrowser } from '#test/fakes/real-browser.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { startWebSite, type WebSite } from '#test/peers/web-site.ts';

let site: WebSite;
let real: RealBrowser;
let secret: WebSite;

/** `public.test` stands for a page on the internet: it is served here by an exception, and exceptions are not local. */
const lookup: Lookup = host => {
  const address = host === 'router.test' ? '192.168.1.1' : '127.0.0.1';
  return Promise.resolve([{ address, family: 4 }]);
};

before(async () => {
  [site, secret] = await Promise.all([startWebSite(), startWebSite()]);
  real = realBrowser([`public.test:${site.port}`], {}, { allowLoopback: true }, lookup);
});

after(async () => {
  await real[Symbol.asyncDispose]();
  await Promise.all([site[Symbol.asyncDispose](), secret[Symbol.asyncDispose]()]);
});

async function look(url: string) {
  const { browser, egress } = real;
  await using run = await sourceContext({ browser, egress, isSingle: true });
  const options = website.options.parse({ url, width: 320, height: 240, settle: '200ms' });
  const [picture] = await firstOf(website.frames(options, run.context), 1);
  return picture?.page;
}

test('a page on the internet that redirects into the own network is refused in words', async () => {
  await assert.rejects(look(`http://public.test:${site.port}/to?url=http://router.test/`), {
    code: 'address-refused',
    message:
      /“router\.test” leads to 192\.168\.1\.1.*what lies on the internet may not reach into your network/,
  });
  await assert.rejects(look(`http://public.test:${site.port}/to?url=${secret.url}/normal`), {
    code: 'address-refused',
  });
});

test('nothing in a page on the internet gets there', async () => {
  const page = await look(`http://public.test:${site.port}/frame?url=${secret.url}`);
  assert.equal(page?.title, 'Framed');
  assert.deepEqual(secret.paths, []);
});

test('a page whose own address is local may', async () => {
  const page = await look(`http://home.test:${site.port}/frame?url=${secret.url}`);
  assert.equal(page?.title, 'Framed');
  assert.ok(secret.paths.includes('/iframe'));
});
