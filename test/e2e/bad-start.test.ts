/** Starts that must not succeed: each stops with exit code 1 and says why; and missing programs that must not stop it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { startHubInVain, startHubProcess } from '#test/peers/hub-process.ts';

test('a port in use stops the start with a sentence', async t => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const { port } = server.address() as { port: number };
  const folder = await temporaryFolder(t);
  const { code, said } = await startHubInVain({ folder, env: { PORT: String(port) } });
  assert.equal(code, 1);
  assert.match(said, new RegExp(`${port}.*PORT`, 's'));
});

test('a wrong variable stops the start and names itself', async t => {
  const folder = await temporaryFolder(t);
  const { code, said } = await startHubInVain({ folder, env: { PORT: 'eighty' } });
  assert.equal(code, 1);
  assert.match(said, /PORT is “eighty”/);
});

test('a second hub on the same folder is refused; the first goes on, and its folder is its own', async t => {
  const folder = join(await temporaryFolder(t), 'data');
  await using first = await startHubProcess({ folder });
  for (const name of ['.', 'history.db', 'glimpser.json', 'settings-versions'])
    assert.equal((await stat(join(folder, name))).mode & 0o077, 0, name);
  const { code, said } = await startHubInVain({ folder });
  assert.equal(code, 1);
  assert.match(said, new RegExp(`process ${first.pid}`));
  assert.equal((await first.api<{ status: string }>('GET', 'healthz')).status, 'ok');
});

test('a settings file cut in half: without a good version the start stops, with one it goes on and says so', async t => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'glimpser.json');
  await writeFile(file, '{"version": 1, "inst');
  const { code, said } = await startHubInVain({ folder });
  assert.equal(code, 1);
  assert.match(said, /glimpser\.json is not whole JSON/);
  await writeFile(file, '');
  const empty = await startHubInVain({ folder });
  assert.equal(empty.code, 1);

  const other = await temporaryFolder(t);
  const first = await startHubProcess({ folder: other });
  await first.end();
  const text = await readFile(join(other, 'glimpser.json'), 'utf8');
  await writeFile(join(other, 'glimpser.json'), text.slice(0, text.length / 2));
  await using second = await startHubProcess({ folder: other });
  const info = await second.api<{ problems: string[] }>('GET', 'api/info');
  assert.match(info.problems.join(), /last good settings go on/);
});

test('without FFmpeg and browser the hub runs, and each source says what is missing', async t => {
  const folder = await temporaryFolder(t);
  const env = { FFMPEG_PATH: '/nowhere/ffmpeg', CHROMIUM_PATH: '/nowhere/chromium' };
  await using hub = await startHubProcess({ folder, env });
  const ready = await hub.api<{ isReady: boolean; parts: Array<{ reason: string }> }>('GET', 'readyz');
  assert.equal(ready.isReady, true);
  assert.equal(ready.parts.filter(({ reason }) => reason.startsWith('Missing')).length, 2);
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const reasonOf = async (draft: object) => {
    const { id } = await hub.api<{ id: string }>('POST', 'api/sources', draft);
    return until('the state says why', async () => {
      const { code, reason } = await hub.api<{ code: string | null; reason: string }>(
        'GET',
        `api/sources/${id}/state`,
      );
      return code !== null && `${code}: ${reason}`;
    });
  };
  assert.match(await reasonOf({ name: 'A', kind: 'test' }), /ffmpeg-missing: .*FFMPEG_PATH/);
  assert.match(
    await reasonOf({ name: 'B', kind: 'website', options: { url: 'http://127.0.0.1:9/' } }),
    /browser-missing/,
  );
});

test('a broker that refuses the password is said in words and does not stop the hub', async t => {
  const { startMosquitto } = await import('#test/peers/mosquitto.ts');
  await using broker = await startMosquitto({ login: { username: 'ann', password: 'tulip' } });
  const folder = await temporaryFolder(t);
  const env = { MQTT_URL: `mqtt://ann:daisy@127.0.0.1:${broker.port}` };
  await using hub = await startHubProcess({ folder, env });
  const state = await until('the refusal is said', async () => {
    const mqtt = await hub.api<{ status: string; reason: string }>('GET', 'api/mqtt');
    return mqtt.status === 'error' && mqtt;
  });
  assert.match(state.reason, /user name or password/);
  assert.ok(!JSON.stringify(state).includes('daisy'));
});
