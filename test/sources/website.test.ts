import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { GlimpserError } from '#server/base/errors.ts';
import type { Picture } from '#server/model/frame.ts';
import website from '#server/sources/website.ts';
import { type RealBrowser, realBrowser } from '#test/fakes/real-browser.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { startWebSite, type WebSite } from '#test/peers/web-site.ts';

let site: WebSite;
let real: RealBrowser;
const exceptions: string[] = ['127.0.0.1:9'];

before(async () => {
  site = await startWebSite();
  exceptions.push(`127.0.0.1:${site.port}`);
  real = realBrowser(exceptions);
});

after(async () => {
  await real[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const small = { width: 320, height: 240, settle: '50ms' };

async function capture(path: string, over: object = {}, notes: string[] = []): Promise<Picture> {
  const url = path.startsWith('http') ? path : `${site.url}${path}`;
  const { browser, egress } = real;
  await using run = await sourceContext({
    browser,
    egress,
    isSingle: true,
    note: line => void notes.push(line),
  });
  const options = website.options.parse({ url, ...small, ...over });
  const [picture] = await firstOf(website.frames(options, run.context), 1);
  assert.ok(picture);
  return picture;
}

async function failure(path: string, code: string, over: object = {}): Promise<string> {
  const error = await capture(path, over).then(
    () => assert.fail('did not fail'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GlimpserError, String(error));
  assert.equal(error.code, code, error.message);
  return error.message;
}

async function colourOf(picture: Picture): Promise<number[]> {
  const { channels } = await sharp(picture.image).stats();
  return channels.slice(0, 3).map(channel => Math.round(channel.mean));
}

describe('a page', () => {
  test('gives a picture and what the page said', async () => {
    const notes: string[] = [];
    const picture = await capture('/normal', {}, notes);
    assert.deepEqual([picture.type, picture.width, picture.height], ['image/jpeg', 320, 240]);
    const { loadMs = -1, ...facts } = picture.page ?? {};
    assert.deepEqual(facts, {
      httpStatus: 200,
      title: 'A sample page',
      finalUrl: `${site.url}/normal`,
      readyBy: 'quiet',
    });
    assert.ok(loadMs >= 50 && (picture.tookMs ?? 0) >= loadMs);
    assert.match(notes.join(), /HTTP 200, ready after \d+ ms/);
  });

  test('shows no secret of its address', async () => {
    const { page } = await capture('/normal?token=tulip&n=1');
    assert.equal(page?.finalUrl, `${site.url}/normal?token=***&n=1`);
  });

  test('in other formats and sizes', async () => {
    const png = await capture('/normal', { format: 'png', scale: 2 });
    assert.deepEqual([png.type, png.width, png.height], ['image/png', 640, 480]);
    assert.equal((await capture('/normal', { format: 'webp' })).type, 'image/webp');
    const high = await capture('/normal', { quality: 100 });
    const low = await capture('/normal', { quality: 10 });
    assert.ok(high.image.length > low.image.length);
  });

  test('whole, up to a limit', async () => {
    const picture = await capture('/tall', { fullPage: true, width: 200 });
    assert.deepEqual([picture.width, picture.height], [200, 8000]);
  });

  test('one element alone, by CSS or XPath', async () => {
    for (const element of ['#box', '//div[@id="box"]']) {
      const picture = await capture('/element', { element });
      assert.deepEqual([picture.width, picture.height], [120, 60]);
      const [red = 0, green = 255] = await colourOf(picture);
      assert.ok(red > 240 && green < 20);
    }
  });

  test('without what is to be removed', async () => {
    const [, , blue = 0] = await colourOf(await capture('/banner'));
    assert.ok(blue > 200);
    for (const remove of [['.gone', '.banner'], ['//div[contains(@class,"banner")]']]) {
      const [red = 0] = await colourOf(await capture('/banner', { remove }));
      assert.ok(red > 200);
    }
  });

  test('in dark colours', async () => {
    assert.deepEqual(await colourOf(await capture('/colours')), [255, 255, 255]);
    assert.deepEqual(await colourOf(await capture('/colours', { darkMode: true })), [0, 0, 0]);
  });

  test('that is late, slow, busy, moves on or holds a dialog', async () => {
    await capture('/late', { waitFor: '#late' });
    assert.equal((await capture('/slow')).page?.title, 'Slow');
    assert.equal((await capture('/busy')).page?.readyBy, 'still-changing');
    const moved = await capture('/moves', { settle: '300ms' });
    assert.deepEqual([moved.page?.title, moved.page?.finalUrl], ['A sample page', `${site.url}/normal`]);
    assert.equal((await capture('/dialog')).page?.title, 'past dialogs');
    assert.equal((await capture('/popups')).page?.title, 'Popups');
  });

  test('that answers with an error is a picture all the same', async () => {
    assert.equal((await capture('/error')).page?.httpStatus, 500);
    assert.equal((await capture('/login')).page?.httpStatus, 401);
    assert.equal((await capture('/long-title')).page?.title?.length, 255);
  });

  test('behind a login', async () => {
    const login = { username: 'me', password: 'p@ss:word' };
    const picture = await capture('/login', login);
    assert.equal(picture.page?.title, 'Inside');
    assert.equal(picture.page?.finalUrl, `${site.url}/login`);
    const sentence = await failure('/login', 'source-refused-login', { ...login, password: 'wrong' });
    assert.doesNotMatch(sentence, /wrong/);
  });

  test('again and again while it is live', async () => {
    const { browser, egress } = real;
    await using run = await sourceContext({ browser, egress });
    const waits: number[] = [];
    const clock = {
      ...run.context.clock,
      sleep: (ms: number) => {
        waits.push(ms);
        if (waits.length === 3) run.stop();
        run.context.signal.throwIfAborted();
        return Promise.resolve();
      },
    };
    const options = website.options.parse({ url: `${site.url}/normal`, ...small });
    const frames = website.frames(options, { ...run.context, clock });
    assert.equal((await Array.fromAsync(frames)).length, 3);
    assert.ok(waits.every(ms => ms <= 1000));
  });
});

describe('what fails, in words', () => {
  test('elements that are not there', async () => {
    assert.match(await failure('/normal', 'element-missing', { element: '#gone' }), /“#gone” fits nothing/);
    assert.match(await failure('/normal', 'element-missing', { element: '//p[9]' }), /fits nothing/);
    assert.match(
      await failure('/normal', 'element-missing', { element: 'p[[' }),
      /cannot be read as a CSS selector/,
    );
    assert.match(
      await failure('/normal', 'element-missing', { element: '//p[' }),
      /cannot be read as an XPath/,
    );
    const late = { waitFor: '#gone', timeout: '500ms' };
    assert.match(await failure('/normal', 'element-missing', late), /did not appear/);
    assert.match(await failure('/normal', 'element-missing', { element: 'title' }), /not visible/);
  });

  test('pages that do not come', async () => {
    assert.match(await failure('/never', 'page-failed', { timeout: '500ms' }), /did not load within/);
    assert.match(await failure('/loop', 'page-failed'), /redirects in a circle/);
    assert.match(await failure('/to-file', 'page-failed'), /no web page/);
    assert.match(await failure('/download', 'page-failed'), /download/);
    assert.match(await failure('/cut', 'page-failed'), /closed the connection/);
    assert.match(await failure('http://127.0.0.1:9/', 'page-failed'), /refuses|never open/);
    assert.match(await failure('http://name.invalid/', 'page-failed'), /no network address/);
    assert.match(await failure('/to?url=http://name.invalid/', 'page-failed'), /no network address/);
    assert.match(await failure('/to?url=https://name.invalid/', 'page-failed'), /no network address/);
  });

  test('addresses that may not be opened, at once or by a redirect', async () => {
    await failure('http://169.254.169.254/', 'address-refused');
    await failure('http://127.0.0.1:1/', 'address-refused');
    assert.match(await failure('/to-metadata', 'address-refused'), /metadata/);
    await using secret = await startWebSite();
    await failure(`/to?url=${secret.url}/normal`, 'address-refused');
    const tls = `/to?url=https://127.0.0.1:${secret.port}/normal`;
    assert.match(await failure(tls, 'address-refused'), /this machine itself/);
    assert.deepEqual(secret.paths, []);
  });

  test('options that are wrong', () => {
    const wrong = (over: object) =>
      website.options.safeParse({ url: 'http://x/', ...over }).error?.issues[0]?.message;
    for (const url of [
      'file:///etc/passwd',
      'view-source:http://x/',
      'chrome://version',
      'data:text/html,x',
      'x',
    ]) {
      assert.match(wrong({ url }) ?? '', /must start with http:\/\/ or https:\/\//, url);
    }
    assert.match(wrong({ settle: 'soon' }) ?? '', /duration/);
    assert.match(wrong({ timeout: '1h' }) ?? '', /at most 120s/);
    assert.match(wrong({ shape: 1 }) ?? '', /shape/);
    assert.ok(wrong({ width: 10 }));
    assert.equal(wrong({}), undefined);
  });
});
