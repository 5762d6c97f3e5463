import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import type { Page, Browser as PuppeteerBrowser } from 'puppeteer-core';
import type { PageOptions } from '#server/base/browser-page.ts';
import { GlimpserError } from '#server/base/errors.ts';
import '#test/fakes/private-tmp.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { realBrowser } from '#test/fakes/real-browser.ts';
import { until } from '#test/fakes/until.ts';
import { startWebSite } from '#test/peers/web-site.ts';

const options: PageOptions = {
  width: 400,
  height: 300,
  scale: 1,
  rules: { protocols: ['http', 'https'], reach: 'page' },
  timeoutMs: 30_000,
};

const patience = () => AbortSignal.timeout(60_000);

async function failure(promise: Promise<unknown>, code: string): Promise<string> {
  const error = await promise.then(
    () => assert.fail('did not fail'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GlimpserError, String(error));
  assert.equal(error.code, code, error.message);
  return error.message;
}

function killGroup(pid: number | undefined): void {
  assert.ok(pid);
  process.kill(-pid, 'SIGKILL');
}

const ours = async () => (await readdir(tmpdir())).filter(name => name.startsWith('glimpser-browser-'));

describe('a job', () => {
  test('gets a page as it was asked for, and starts the browser only then', async () => {
    await using site = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`]);
    assert.equal(real.browser.status().isRunning, false);
    const facts = await real.browser.withPage(
      { ...options, scale: 2, isDark: true },
      patience(),
      async (page: Page) => {
        await page.goto(`${site.url}/normal`);
        return page.evaluate(() => ({
          width: innerWidth,
          height: innerHeight,
          scale: devicePixelRatio,
          isDark: matchMedia('(prefers-color-scheme: dark)').matches,
          agent: navigator.userAgent,
        }));
      },
    );
    assert.deepEqual({ ...facts, agent: '' }, { width: 400, height: 300, scale: 2, isDark: true, agent: '' });
    assert.match(facts.agent, /Chrome\//);
    assert.doesNotMatch(facts.agent + JSON.stringify(site.headers), /Headless/i);
    const status = real.browser.status();
    assert.deepEqual(
      [status.isRunning, status.jobs, status.crashes, status.isSandboxed],
      [true, 0, 0, false],
    );
    assert.match(status.version ?? '', /^Chrome\/\d+/);
  });

  test('knows nothing of another job, and its context is closed also when it throws', async () => {
    await using site = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`]);
    let puppeteer: PuppeteerBrowser | undefined;
    const mark = real.browser.withPage(options, patience(), async page => {
      puppeteer = page.browser();
      await page.goto(`${site.url}/normal`);
      await page.evaluate(() => {
        localStorage.setItem('seen', 'yes');
      });
      throw new RangeError('thrown by the job');
    });
    await assert.rejects(mark, { name: 'RangeError' });
    assert.equal(puppeteer?.browserContexts().length, 1);
    const kept = await real.browser.withPage(options, patience(), async page => {
      await page.goto(`${site.url}/normal`);
      return page.evaluate(() => String(localStorage.getItem('seen')));
    });
    assert.equal(kept, 'null');
    assert.equal(real.browser.status().crashes, 0);
  });

  test('ends at its deadline on a page that hangs, and the next one works', async () => {
    await using site = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`]);
    const hung = real.browser.withPage({ ...options, timeoutMs: 1500 }, patience(), async page => {
      await page.goto(`${site.url}/hang`, { waitUntil: 'domcontentloaded' });
      await page.screenshot();
    });
    await failure(hung, 'timed-out');
    const title = await real.browser.withPage(options, patience(), async page => {
      await page.goto(`${site.url}/normal`);
      return page.title();
    });
    assert.equal(title, 'A sample page');
    assert.equal(real.browser.status().crashes, 0);
  });

  test('ends when its signal fires', async () => {
    await using real = realBrowser([]);
    const stop = new AbortController();
    const job = real.browser.withPage(options, stop.signal, () => {
      stop.abort();
      return new Promise(() => undefined);
    });
    await assert.rejects(job, { name: 'AbortError' });
    await assert.rejects(
      real.browser.withPage(options, stop.signal, async () => undefined),
      { name: 'AbortError' },
    );
  });

  test('waits for its turn', async () => {
    await using real = realBrowser([], { maxJobs: 1 });
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const first = real.browser.withPage(options, patience(), async () => {
      started.resolve();
      await gate.promise;
    });
    await started.promise;
    const second = real.browser.withPage(options, patience(), async () => real.browser.status());
    await settle();
    assert.deepEqual([real.browser.status().jobs, real.browser.status().waiting], [1, 1]);
    gate.resolve();
    await first;
    assert.equal((await second).waiting, 0);
  });

  test('closes popups, dismisses dialogs, refuses permissions', async () => {
    await using site = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`]);
    await real.browser.withPage(options, patience(), async page => {
      await page.goto(`${site.url}/dialog`, { waitUntil: 'domcontentloaded' });
      assert.equal(await page.title(), 'past dialogs');
      const asked = await page.evaluate(async () => {
        const { state } = await navigator.permissions.query({ name: 'geolocation' });
        return `${state} ${await Notification.requestPermission()}`;
      });
      assert.equal(asked, 'denied denied');
      await page.goto(`${site.url}/popups`);
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 200)));
      await page.screenshot();
      // The page goes on opening them; none may stay.
      await until('each popup is closed', async () => (await page.browserContext().pages()).length === 1);
    });
  });
});

describe('a browser that', () => {
  test('crashes fails its job and is started again', async () => {
    await using site = await startWebSite();
    await using real = realBrowser([`127.0.0.1:${site.port}`]);
    const before = await ours();
    const crashed = real.browser.withPage(options, patience(), async page => {
      killGroup(real.browser.status().pid);
      await page.goto(`${site.url}/normal`);
    });
    assert.match(await failure(crashed, 'browser-failed'), /starts a fresh one/);
    assert.deepEqual([real.browser.status().isRunning, real.browser.status().crashes], [false, 1]);
    const title = await real.browser.withPage(options, patience(), async page => {
      await page.goto(`${site.url}/normal`);
      return page.title();
    });
    assert.equal(title, 'A sample page');
    await real.browser[Symbol.asyncDispose]();
    assert.deepEqual(await ours(), before);
  });

  test('loses one tab fails that job only', async () => {
    await using real = realBrowser([]);
    const crashed = real.browser.withPage(options, patience(), async page => {
      await page.goto('chrome://crash').catch(() => undefined);
      await new Promise(() => undefined);
    });
    assert.match(await failure(crashed, 'browser-failed'), /crashed/);
    assert.equal(await real.browser.withPage(options, patience(), async page => page.url()), 'about:blank');
    assert.equal(real.browser.status().crashes, 0);
  });

  test('has nothing to do is closed after five minutes', async () => {
    const clock = new FakeClock();
    await using real = realBrowser([], { clock });
    let puppeteer: PuppeteerBrowser | undefined;
    const job = async (page: Page) => {
      puppeteer = page.browser();
    };
    await real.browser.withPage(options, patience(), job);
    await clock.advance(4 * 60_000);
    await real.browser.withPage(options, patience(), job);
    await clock.advance(4 * 60_000);
    assert.equal(real.browser.status().isRunning, true);
    const gone = Promise.withResolvers<void>();
    puppeteer?.once('disconnected', () => gone.resolve());
    await clock.advance(60_000);
    await gone.promise;
    assert.deepEqual([real.browser.status().isRunning, real.browser.status().crashes], [false, 0]);
    await real.browser.withPage(options, patience(), job);
  });

  test('does not start is tried less and less often', async () => {
    const clock = new FakeClock();
    await using real = realBrowser([], { clock, path: '/bin/false' });
    const attempt = () => real.browser.withPage(options, patience(), async () => undefined);
    assert.match(await failure(attempt(), 'browser-failed'), /did not start/);
    for (let crashes = 1; crashes < 6; crashes++) {
      const next = failure(attempt(), 'browser-failed');
      await clock.advance(5000);
      await next;
      assert.equal(real.browser.status().crashes, crashes + 1);
    }
    assert.equal(real.browser.status().isRunning, false);
  });

  test('is missing is named, with the command that installs it', async () => {
    await using real = realBrowser([], { searchPath: '/nowhere' });
    const attempt = real.browser.withPage(options, patience(), async () => undefined);
    assert.match(await failure(attempt, 'browser-missing'), /apt-get install/);
    assert.equal(real.browser.path, undefined);
  });

  test('keeps its sandbox under root by running as nobody', { skip: process.getuid?.() !== 0 }, async () => {
    await using real = realBrowser([], { isSandboxed: true });
    const title = await real.browser.withPage(options, patience(), page => page.title());
    assert.equal(title, '');
    const status = await readFile(`/proc/${real.browser.status().pid}/status`, 'utf8');
    assert.match(status, /^Uid:\s+65534\s/m);
  });

  test('was closed for good starts no more', async () => {
    const real = realBrowser([]);
    await real[Symbol.asyncDispose]();
    await failure(
      real.browser.withPage(options, patience(), async () => undefined),
      'browser-failed',
    );
  });
});
