/** Streams of the real hub: a camera handed on as it is, a website encoded, both played over RTSP by FFmpeg with a login. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Source } from '#server/model/source.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { RtspCaller } from '#test/peers/rtsp-caller.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';
import { startWebSite } from '#test/peers/web-site.ts';

async function probe(url: string): Promise<{ codec_name: string; width: number; height: number }> {
  const args = ['-v', 'error', '-rtsp_transport', 'tcp', '-show_streams', '-of', 'json', url];
  const { stdout } = await promisify(execFile)('ffprobe', args, { timeout: 60_000 });
  return (JSON.parse(stdout) as { streams: never[] }).streams[0] ?? assert.fail('no stream');
}

async function rtspBase(hub: HubProcess, name: string): Promise<string> {
  const body = { name };
  const { secret } = await hub.api<{ secret: string }>('POST', 'api/stream-logins', body);
  const { rtspPort } = await hub.api<{ rtspPort: number }>('GET', 'api/info');
  return `rtsp://${name}:${secret}@127.0.0.1:${rtspPort}`;
}

test('cameras and websites alike are played over RTSP', async t => {
  const folder = await temporaryFolder(t);
  await using camera = await startRtspCamera({ width: 320, height: 240 });
  await using site = await startWebSite();
  await using hub = await startHubProcess({ folder });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const add = async (draft: object) => (await hub.api<Source>('POST', 'api/sources', draft)).id;
  const door = await add({ name: 'Door', kind: 'rtsp', options: { url: camera.url } });
  const page = await add({
    name: 'Page',
    kind: 'website',
    schedule: '5s',
    options: { url: `${site.url}/normal`, width: 640, height: 480 },
  });
  const base = await rtspBase(hub, 'recorder');
  const stateOf = (id: string) =>
    hub.api<{ status: string; bitsPerSecond: number }>('GET', `api/sources/${id}/state`);
  await until(
    'both are ok',
    async () => (await stateOf(door)).status === 'ok' && (await stateOf(page)).status === 'ok',
  );
  await until('the stream is measured', async () => (await stateOf(door)).bitsPerSecond > 0);
  const played = await probe(`${base}/${door}`);
  assert.deepEqual([played.codec_name, played.width, played.height], ['h264', 320, 240]);
  const encoded = await probe(`${base}/${page}`);
  assert.deepEqual([encoded.codec_name, encoded.width, encoded.height], ['h264', 640, 480]);
  await assert.rejects(probe(`${base.replace(/:[^:@]+@/, ':wrong@')}/${door}`), /401|nauthorized/);
});

test('what a recorder plays ends when its login is withdrawn, and when the source is switched off or removed', async t => {
  const folder = await temporaryFolder(t);
  await using hub = await startHubProcess({ folder });
  const draft = { name: 'Test', kind: 'test', options: { width: 320, height: 240 } };
  const { id } = await hub.api<Source>('POST', 'api/sources', draft);
  const { rtspPort } = await hub.api<{ rtspPort: number }>('GET', 'api/info');
  const play = async (username: string) => {
    const { secret } = await hub.api<{ secret: string }>('POST', 'api/stream-logins', { name: username });
    const caller = await RtspCaller.open(rtspPort);
    await caller.play(`rtsp://127.0.0.1:${rtspPort}/${id}`, { username, password: secret });
    await until('it plays', () => caller.on(0).packets > 0);
    return caller;
  };
  using one = await play('one');
  using two = await play('two');
  await hub.api('DELETE', 'api/stream-logins/one');
  await until('one is out', () => one.isClosed);
  assert.equal(two.isClosed, false);
  await hub.api('POST', `api/sources/${id}/disable`);
  await until('two is out', () => two.isClosed);
  await hub.api('POST', `api/sources/${id}/enable`);
  using three = await play('three');
  await hub.api('DELETE', `api/sources/${id}`);
  await until('three is out', () => three.isClosed);
});

test('a battery camera sleeps until a recorder plays it', async t => {
  const folder = await temporaryFolder(t);
  await using camera = await startRtspCamera();
  await using hub = await startHubProcess({ folder });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const draft = { name: 'Gate', kind: 'rtsp', schedule: 'on-demand', options: { url: camera.url } };
  const { id } = await hub.api<Source>('POST', 'api/sources', draft);
  const base = await rtspBase(hub, 'recorder');
  const status = async () => (await hub.api<{ status: string }>('GET', `api/sources/${id}/state`)).status;
  await until('it sleeps', async () => (await status()) === 'asleep');
  assert.equal((await probe(`${base}/${id}`)).codec_name, 'h264');
  await until('it sleeps again', async () => (await status()) === 'asleep');
});
