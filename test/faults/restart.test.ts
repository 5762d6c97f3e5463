/** A hub that ends again and again soon after its start: it comes up in safe mode, where people can reach and mend it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { SafeMode } from '#server/model/safe-mode.ts';
import type { Source } from '#server/model/source.ts';
import type { SourceState } from '#server/model/state.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { freePort, startMosquitto } from '#test/peers/mosquitto.ts';
import { Onlooker } from '#test/peers/mqtt-onlooker.ts';
import { startStillCamera } from '#test/peers/still-camera.ts';
import { SCREENS, startVisitor } from '#test/peers/visitor.ts';

type Info = { safeMode: SafeMode | null; problems: string[] };
type Ready = { isReady: boolean; parts: Array<{ part: string; isReady: boolean; reason: string }> };

/** Hubs on one folder that crash as soon as a file is there: an error that nobody catches, injected for real. */
async function setUp(t: TestContext, env: Record<string, string> = {}) {
  const folder = await temporaryFolder(t);
  const [bomb, fuse] = [join(folder, 'bomb.mjs'), join(folder, 'fuse')];
  await writeFile(
    bomb,
    `import { existsSync } from 'node:fs';
    setInterval(() => { if (existsSync(${JSON.stringify(fuse)})) throw new Error('The camera was too much'); }, 20).unref();`,
  );
  const data = join(folder, 'data');
  const start = (more: Record<string, string> = {}) =>
    startHubProcess({ folder: data, env: { ...env, ...more } });
  return {
    data,
    start,
    async startAndKill() {
      await (await start()).end('SIGKILL');
    },
    async startAndCrash() {
      const hub = await start({ NODE_OPTIONS: `--import=${bomb}` });
      await writeFile(fuse, '');
      assert.equal(await hub.ended, 1);
    },
  };
}

const stateOf = (hub: HubProcess, id: string) => hub.api<SourceState>('GET', `api/sources/${id}/state`);

async function readiness(hub: HubProcess): Promise<Ready & { status: number }> {
  const answer = await fetch(new URL('readyz', hub.url));
  return { status: answer.status, ...((await answer.json()) as Ready) };
}

// Each has a hub of its own, and most of it is waiting.
describe('restarts in a circle', { concurrency: true }, () => {
  test('killed three times and crashed once, the hub comes up in safe mode; who leaves it starts the sources', async t => {
    await using camera = await startStillCamera();
    await using broker = await startMosquitto({ port: await freePort() });
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const { start, startAndKill, startAndCrash } = await setUp(t, { MQTT_URL: url });
    const first = await start();
    await first.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
    const draft = { name: 'Yard', kind: 'image', schedule: '1s', options: { url: camera.url } };
    const { id } = await first.api<Source>('POST', 'api/sources', draft);
    await until('pictures come', async () => (await stateOf(first, id)).status === 'ok');
    await first.end('SIGKILL');
    await startAndKill();
    await startAndKill();
    await startAndCrash();

    const asked = camera.requests.length;
    await using hub = await start();
    await using onlooker = await Onlooker.open({ url });
    const info = await hub.api<Info>('GET', 'api/info');
    assert.match(info.safeMode?.reason ?? '', /ended 4 times.*start the sources again/);
    assert.match(info.problems.join(), /Safe mode: .*The camera was too much/);
    assert.equal((await hub.api<{ status: string }>('GET', 'healthz')).status, 'ok');
    const ready = await readiness(hub);
    assert.equal(ready.status, 503);
    assert.deepEqual(
      ready.parts.filter(part => !part.isReady).map(({ part }) => part),
      ['sources'],
    );
    const state = await stateOf(hub, id);
    assert.deepEqual([state.status, state.reason], ['disabled', 'The hub runs in safe mode']);
    await assert.rejects(hub.api('POST', `api/sources/${id}/capture`), /safe mode.*Start the sources again/);
    const kept = () => onlooker.retained();
    await until('the hub is online for Home Assistant', async () => {
      const texts = await kept();
      return (
        texts.get('glimpser/bridge/state') === 'online' &&
        texts.get(`glimpser/${id}/availability`) === 'offline'
      );
    });
    assert.equal(camera.requests.length, asked, 'the camera was left alone');

    await hub.api('POST', 'api/safe-mode/leave');
    await until('pictures come again', async () => (await stateOf(hub, id)).status === 'ok');
    await until('and are told', async () => (await kept()).get(`glimpser/${id}/availability`) === 'online');
    assert.equal((await readiness(hub)).status, 200);
    await assert.rejects(hub.api('POST', 'api/safe-mode/leave'), /409/);
    assert.equal(await hub.end(), 0);
    await using next = await start();
    assert.equal(
      (await next.api<Info>('GET', 'api/info')).safeMode,
      null,
      'an end that was asked for does not count',
    );
  });

  test('the page of a hub in safe mode says so, and its button starts the sources', async t => {
    const { data, start } = await setUp(t);
    await (await start()).end();
    const startedAt = [1, 2, 3, 4].map(minutes => Date.now() - minutes * 60_000);
    await writeFile(join(data, 'starts.json'), JSON.stringify({ startedAt, lastWords: null }));
    await using hub = await start();
    await using visitor = await startVisitor(SCREENS.phone);
    await visitor.page.goto(hub.setupUrl ?? '');
    await visitor.type('setup-name', 'Ada');
    await visitor.type('setup-password', 'a long password for tests');
    await visitor.click('setup-submit');
    const banner = await visitor.see('[data-test="safe-mode"]');
    assert.match(await banner.evaluate(element => element.textContent ?? ''), /Safe mode.*ended 4 times/s);
    assert.equal(await visitor.excess(), 0);
    assert.deepEqual(await visitor.barriers(), []);
    await visitor.click('leave-safe-mode');
    await until('the banner is gone', async () => (await visitor.page.$('[data-test="safe-mode"]')) === null);
    assert.equal((await hub.api<Info>('GET', 'api/info')).safeMode, null);
    assert.deepEqual(visitor.troubles, []);
  });
});
