/** The real hub hands a real camera's video on, and that of a source that has none of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '#server/model/source.ts';
import type { SourceState } from '#server/model/state.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { decodeSome } from '#test/fakes/probe.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

interface Stream {
  id: string;
  hasVideo: boolean;
}

async function add(hub: HubProcess, draft: object): Promise<string> {
  const { id } = await hub.api<Source>('POST', 'api/sources', draft);
  await until(`${id} is ok`, async () => {
    const { status } = await hub.api<SourceState>('GET', `api/sources/${id}/state`);
    return status === 'ok';
  });
  return id;
}

async function linkTo(hub: HubProcess, sourceId: string, what: string): Promise<string> {
  return (await hub.api<{ url: string }>('POST', 'api/tokens', { sourceId, what, expiresIn: '1h' })).url;
}

test('a camera and pictures that are encoded for it: as one file, and as HLS', async t => {
  await using camera = await startRtspCamera({ fps: 10, gop: 10 });
  await using hub = await startHubProcess({ folder: await temporaryFolder(t) });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const own = await add(hub, { name: 'Front door', kind: 'rtsp', options: { url: camera.url } });
  const made = await add(hub, { name: 'Test', kind: 'test', options: { width: 320, height: 180 } });
  const { items } = await hub.api<{ items: Stream[] }>('GET', 'api/streams');
  assert.deepEqual(
    items.map(({ id, hasVideo }) => [id, hasVideo]),
    [
      [own, true],
      [made, false],
    ],
  );
  for (const id of [own, made]) {
    for (const what of ['fmp4', 'hls']) {
      const { frames, complaints } = await decodeSome(await linkTo(hub, id, what), 20);
      assert.equal(frames, 20, `${what}: ${complaints}`);
      // This camera describes each slice of its key pictures anew, which makes two pictures of one on the way.
      assert.doesNotMatch(complaints, /h264|conceal|corrupt/i);
    }
  }
  for (const id of [own, made]) {
    await until(`it is known what the programs of ${id} take`, async () => {
      const { programs } = await hub.api<SourceState>('GET', `api/sources/${id}/state`);
      return programs !== null && programs.cpuPercent > 0 && programs.memoryMiB > 0;
    });
  }
});
