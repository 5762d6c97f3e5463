/** The latest picture, 200 times a second: the hub against a bare server with the same bytes, and against a fresh FFmpeg. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '#server/base/child.ts';
import type { Source } from '#server/model/source.ts';
import { cpuSeconds, machine, median, table } from '#test/bench/gauge.ts';
import { until } from '#test/fakes/until.ts';
import { startHubProcess } from '#test/peers/hub-process.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const RATE = 200;
const SECONDS = Number(process.argv[2] ?? 15);
const COLD = 5;
const headers = { 'x-api-key': 'a-key-for-tests-only' };
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

function fetchOnce(url: string): Promise<{ ms: number; bytes: Buffer }> {
  const beganMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<{ ms: number; bytes: Buffer }>();
  get(url, { agent, headers }, response => {
    const chunks: Buffer[] = [];
    response.on('data', chunk => chunks.push(chunk));
    response.once('end', () => {
      if (response.statusCode === 200)
        resolve({ ms: performance.now() - beganMs, bytes: Buffer.concat(chunks) });
      else reject(new Error(`${url} answers ${response.statusCode}`));
    });
  }).once('error', reject);
  return promise;
}

/** Asks at a steady rate, whether or not answers have come. */
async function load(url: string): Promise<number[]> {
  const asked: Array<Promise<number>> = [];
  const beganMs = performance.now();
  while (asked.length < RATE * SECONDS) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - beganMs) / 1000) * RATE));
    while (asked.length < due) asked.push(fetchOnce(url).then(({ ms }) => ms));
    await delay(2);
  }
  return Promise.all(asked);
}

const quantile = (figures: number[], share: number) =>
  figures.toSorted((a, b) => a - b)[Math.ceil(share * figures.length) - 1] ?? 0;
const row = (name: string, ms: number[], cpu: string) => [
  name,
  ...[0.5, 0.99, 1].map(share => `${quantile(ms, share).toFixed(1)} ms`),
  cpu,
];

const folder = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  await using camera = await startRtspCamera({ width: 1280, height: 720, fps: 15, gop: 30 });
  await using hub = await startHubProcess({ folder: join(folder, 'data') });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const draft = { name: 'Bench', kind: 'rtsp', options: { url: camera.url } };
  const { id } = await hub.api<Source>('POST', 'api/sources', draft);
  const online = () => hub.api<{ isOnline: boolean }>('GET', `api/sources/${id}/state`);
  await until('pictures come', async () => (await online()).isOnline);
  const address = new URL(`api/stream/${id}/snapshot.jpg`, hub.url).href;
  const { bytes } = await fetchOnce(address);
  console.log(
    `Snapshots: ${RATE} a second for ${SECONDS} s, one picture of ${bytes.length} bytes (1280×720).`,
  );
  console.log(`${machine()}; whoever asks runs on it too.\n`);

  const server = createServer((_request, response) => response.end(bytes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bare = await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  server.close();
  const usedS = await cpuSeconds(hub.pid);
  const ours = await load(address);
  const cpu = ((await cpuSeconds(hub.pid)) - usedS) / SECONDS;

  const cold: number[] = [];
  for (let i = 0; i < COLD; i++) {
    const beganMs = performance.now();
    const args = ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', camera.url];
    await startChild('ffmpeg', [...args, '-frames:v', '1', '-f', 'image2', '-y', join(folder, 'x.jpg')])
      .exited;
    cold.push(performance.now() - beganMs);
  }
  const asleep: number[] = [];
  const sleeping = { ...draft, name: 'Asleep', schedule: 'on-demand' };
  for (let i = 0; i < COLD; i++) {
    const source = await hub.api<Source>('POST', 'api/sources', { ...sleeping, name: `Asleep ${i}` });
    await delay(500);
    const beganMs = performance.now();
    await hub.api('POST', `api/sources/${source.id}/capture`);
    asleep.push(performance.now() - beganMs);
    await hub.api('DELETE', `api/sources/${source.id}`);
  }
  console.log(
    table([
      ['', 'median', 'p99', 'worst', 'CPU of one core'],
      row('bare node:http, the same bytes', bare, '–'),
      row('the hub, latest picture', ours, `${(cpu * 100).toFixed(1)} %`),
      row('a fresh FFmpeg for each picture', cold, '–'),
      row('the hub, a camera that sleeps', asleep, '–'),
    ]),
  );
  console.log(
    `\nThe hub against the bare server, median: ${(median(ours) / median(bare)).toFixed(2)}. Aim: p99 of 20 ms or less.`,
  );
  console.log(
    'Not the same work: the hub checks an API key, rights and limits at each request. A camera that sleeps is connected first; both it and the fresh FFmpeg wait for a key picture, which comes every 2 s.',
  );
} finally {
  agent.destroy();
  await rm(folder, { recursive: true, force: true });
}
