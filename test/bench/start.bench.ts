/** Starting: from `npm start` to /readyz when nothing is to be set up, and the memory of a quiet hub. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, machine, median, residentMiB, table } from '#test/bench/gauge.ts';
import { until } from '#test/fakes/until.ts';
import { REPOSITORY } from '#test/house/repository.ts';
import { startHubProcess } from '#test/peers/hub-process.ts';
import { freePort } from '#test/peers/mosquitto.ts';

const STARTS = 5;
const QUIET_S = 20;

/** Milliseconds from the command to readiness. */
async function startOnce(folder: string): Promise<number> {
  const port = await freePort();
  const env = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    MQTT_BROKER_PORT: '0',
    GLIMPSER_DATA: folder,
  };
  const beganMs = performance.now();
  const child = spawn('npm', ['start'], { cwd: REPOSITORY, stdio: 'ignore', env, detached: true });
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      answer => answer.ok,
      () => false,
    );
  while (!(await isReady())) await delay(10);
  const tookMs = performance.now() - beganMs;
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await once(child, 'exit');
  return tookMs;
}

/** Memory of the hub's own process and its share of a core, when nobody looks. */
async function quiet(sources: number): Promise<{ memory: number; cpu: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await using hub = await startHubProcess({ folder });
  for (let i = 0; i < sources; i++) {
    const draft = { name: `Camera ${i}`, kind: 'test', options: { width: 640, height: 360, fps: 5 } };
    const { id } = await hub.api<{ id: string }>('POST', 'api/sources', draft);
    await until(
      'pictures come',
      async () => (await hub.api<{ isOnline: boolean }>('GET', `api/sources/${id}/state`)).isOnline,
    );
  }
  await delay(5000);
  const usedS = await cpuSeconds(hub.pid);
  await delay(QUIET_S * 1000);
  const result = { memory: await residentMiB(hub.pid), cpu: ((await cpuSeconds(hub.pid)) - usedS) / QUIET_S };
  await hub.end();
  await rm(folder, { recursive: true });
  return result;
}

console.log(`${machine()}\n`);
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
await startOnce(folder);
const starts: number[] = [];
for (let i = 0; i < STARTS; i++) starts.push(await startOnce(folder));
await rm(folder, { recursive: true, force: true });
console.log(
  `Second \`npm start\` until /readyz: ${(median(starts) / 1000).toFixed(2)} s, median of ${STARTS} (${starts.map(ms => (ms / 1000).toFixed(2)).join(', ')}).\n`,
);
const rows = [['', 'resident memory', 'CPU of one core']];
for (const sources of [0, 4]) {
  const { memory, cpu } = await quiet(sources);
  rows.push([`${sources} sources, nobody looks`, `${memory.toFixed(0)} MiB`, `${(cpu * 100).toFixed(1)} %`]);
}
console.log(table(rows));
console.log(
  '\nThe hub’s own process only; each of the 4 test cameras has an FFmpeg beside it, which is not counted here.',
);
