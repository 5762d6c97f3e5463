/** Sixteen cameras for minutes, some of them bad: memory, open files and children of the hub must stay flat. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { machine, residentMiB, shareMiB, table, treeOf } from '#test/bench/gauge.ts';
import { until } from '#test/fakes/until.ts';
import { startHubProcess } from '#test/peers/hub-process.ts';
import { startMjpegCamera } from '#test/peers/mjpeg-camera.ts';
import { freePort } from '#test/peers/mosquitto.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const MINUTES = Number(process.argv[2] ?? 4);
const SAMPLES = 8;
const UP_MS = 7000;
const DOWN_MS = 4000;

/** A camera that sends everybody away to itself, for ever. */
async function redirecting(): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    socket.on('data', text => {
      const cseq = /CSeq: (\d+)/i.exec(String(text))?.[1] ?? '1';
      socket.write(`RTSP/1.0 302 Found\r\nCSeq: ${cseq}\r\nLocation: ${url}\r\n\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A camera that comes and goes until the signal fires. */
async function flap(port: number, signal: AbortSignal): Promise<void> {
  const wait = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    const camera = await startRtspCamera({ port });
    await wait(UP_MS);
    await camera[Symbol.asyncDispose]();
    await wait(DOWN_MS);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const stop = new AbortController();
const flappingPort = await freePort();
const flapping = flap(flappingPort, stop.signal);
try {
  await using good = await startRtspCamera({ width: 640, height: 360, fps: 10, gop: 20 });
  await using mjpeg = await startMjpegCamera();
  await using frozen = await startRtspCamera();
  await using loop = await redirecting();
  await using hub = await startHubProcess({ folder });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const add = (name: string, kind: string, url: string) =>
    hub.api<{ id: string }>('POST', 'api/sources', { name, kind, options: { url } });
  for (let i = 0; i < 9; i++) await add(`Good ${i}`, 'rtsp', good.url);
  for (let i = 0; i < 4; i++) await add(`MJPEG ${i}`, 'mjpeg', mjpeg.url);
  await add('Flapping', 'rtsp', `rtsp://127.0.0.1:${flappingPort}/cam`);
  const { id } = await add('Frozen', 'rtsp', frozen.url);
  await add('Redirecting', 'rtsp', loop.url);
  await until('the frozen one sends first', async () => {
    return (await hub.api<{ isOnline: boolean }>('GET', `api/sources/${id}/state`)).isOnline;
  });
  process.kill(frozen.pid, 'SIGSTOP');
  console.log(
    `Soak: 16 cameras for ${MINUTES} min: 9 good by RTSP, 4 by MJPEG, one that comes and goes, one frozen, one that redirects to itself.`,
  );
  console.log(`${machine()}\n`);
  const rows = [
    ['minute', 'hub MiB', 'all MiB (PSS)', 'open files', 'children', 'online', 'failures so far'],
  ];
  for (let i = 0; i <= SAMPLES; i++) {
    const pids = await treeOf(hub.pid);
    const states = await hub.api<{ items: Array<{ isOnline: boolean; failures: number }> }>(
      'GET',
      'api/states',
    );
    rows.push([
      ((i * MINUTES) / SAMPLES).toFixed(1),
      (await residentMiB(hub.pid)).toFixed(0),
      (await shareMiB(pids)).toFixed(0),
      String((await readdir(`/proc/${hub.pid}/fd`)).length),
      String(pids.length - 1),
      String(states.items.filter(state => state.isOnline).length),
      String(states.items.reduce((sum, state) => sum + state.failures, 0)),
    ]);
    if (i < SAMPLES) await delay((MINUTES * 60_000) / SAMPLES);
  }
  process.kill(frozen.pid, 'SIGCONT');
  console.log(table(rows));
  console.log(`\nThe hub ended with code ${await hub.end()}.`);
} finally {
  stop.abort();
  await flapping;
  await rm(folder, { recursive: true, force: true });
}
