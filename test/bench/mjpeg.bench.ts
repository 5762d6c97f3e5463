/** MJPEG fan-out: the whole hub against a bare node:http server that writes the same buffers, in one run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { cpuSeconds, machine, median, residentMiB, table } from '#test/bench/gauge.ts';
import { until } from '#test/fakes/until.ts';
import { startHubProcess } from '#test/peers/hub-process.ts';
import { startMjpegCamera } from '#test/peers/mjpeg-camera.ts';

const VIEWERS = 100;
const FPS = 10;
const PICTURE_BYTES = 60_000;
const SECONDS = Number(process.argv[2] ?? 60);
const WARM_UP_S = 5;
const UNSEEN_S = 15;
const API_KEY = 'a-key-for-tests-only';

/** What a hub uses while the camera runs and nobody looks. */
interface HubResult extends Result {
  unseen: number;
}

interface Result {
  cpu: number[];
  memory: number[];
  delivered: number;
  worst: number;
}

/** A JPEG of 60 kB: coarse noise, as large as fits, then padded. */
async function picture(): Promise<Buffer> {
  const raw = crypto.getRandomValues(new Uint8Array(160 * 90 * 3));
  for (let quality = 90; quality > 0; quality -= 5) {
    const drawn = sharp(raw, { raw: { width: 160, height: 90, channels: 3 } });
    const jpeg = await drawn.resize(640, 360, { kernel: 'cubic' }).jpeg({ quality }).toBuffer();
    if (jpeg.length + 4 <= PICTURE_BYTES) return padded(jpeg, PICTURE_BYTES);
  }
  throw new Error('no picture is small enough');
}

/** Comment segments bring a picture to an exact size without touching its pixels. */
function padded(jpeg: Buffer, bytes: number): Buffer {
  const comment = Buffer.alloc(bytes - jpeg.length - 4, 0x20);
  const head = Buffer.from([0xff, 0xfe, (comment.length + 2) >> 8, (comment.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}

async function measure(url: string, pid: number): Promise<Result> {
  const readers = run('mjpeg-readers.ts', [url, String(VIEWERS), API_KEY, '1']);
  let seen = { frames: [] as number[] };
  lines(readers).on('line', line => {
    seen = JSON.parse(line);
  });
  await delay(WARM_UP_S * 1000);
  const before = [...seen.frames];
  const [cpu, memory]: [number[], number[]] = [[], []];
  const beganAt = performance.now();
  for (let i = 0; i < SECONDS / 5; i++) {
    const [usedS, atMs] = [await cpuSeconds(pid), performance.now()];
    await delay(5000);
    cpu.push(((await cpuSeconds(pid)) - usedS) / ((performance.now() - atMs) / 1000));
    memory.push(await residentMiB(pid));
  }
  const seconds = (performance.now() - beganAt) / 1000;
  const counts = seen.frames.map((frames, i) => (frames - (before[i] ?? 0)) / (seconds * FPS));
  readers.kill('SIGKILL');
  return { cpu, memory, delivered: counts.reduce((a, b) => a + b, 0) / VIEWERS, worst: Math.min(...counts) };
}

function run(file: string, args: string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function lines(child: ChildProcess) {
  if (!child.stdout) throw new TypeError('no output');
  return createInterface({ input: child.stdout });
}

async function bare(bytes: number): Promise<Result> {
  const server = run('mjpeg-bare.ts', [String(bytes), String(FPS)]);
  const url = await new Promise<string>(resolve => lines(server).once('line', resolve));
  const result = await measure(url, server.pid ?? 0);
  server.kill('SIGKILL');
  return result;
}

async function hub(image: Buffer): Promise<HubResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await using camera = await startMjpegCamera({ pictures: [image], everyMs: 1000 / FPS });
  await using process = await startHubProcess({ folder });
  await process.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const options = { url: camera.url, fps: 60 };
  const { id } = await process.api<{ id: string }>('POST', 'api/sources', {
    name: 'Bench',
    kind: 'mjpeg',
    options,
  });
  await until(
    'pictures come',
    async () => (await process.api<{ isOnline: boolean }>('GET', `api/sources/${id}/state`)).isOnline,
  );
  await delay(WARM_UP_S * 1000);
  const usedS = await cpuSeconds(process.pid);
  await delay(UNSEEN_S * 1000);
  const unseen = ((await cpuSeconds(process.pid)) - usedS) / UNSEEN_S;
  const result = await measure(new URL(`api/stream/${id}/mjpeg`, process.url).href, process.pid);
  await process.end();
  await rm(folder, { recursive: true });
  return { ...result, unseen };
}

const image = await picture();
console.log(
  `MJPEG fan-out: ${VIEWERS} viewers × ${FPS} a second × ${image.length} bytes, and one viewer that never reads; ${SECONDS} s each.`,
);
console.log(`${machine()}; viewers and camera run on the same machine in other processes.\n`);
const floor = await bare(image.length);
const ours = await hub(image);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const row = (name: string, { cpu, memory, delivered, worst }: Result) => [
  name,
  percent(median(cpu)),
  percent(delivered),
  percent(worst),
  `${(memory[0] ?? 0).toFixed(0)} → ${(memory.at(-1) ?? 0).toFixed(0)} MiB (most ${Math.max(...memory).toFixed(0)})`,
];
console.log(
  table([
    ['', 'CPU, median of 5 s', 'delivered', 'worst viewer', 'memory, start → end'],
    row('bare node:http', floor),
    row('the whole hub', ours),
  ]),
);
const ratio = (cpu: number) => (cpu / median(floor.cpu)).toFixed(2);
const whole = median(ours.cpu);
console.log(`\nThe hub with the camera running and nobody looking: ${percent(ours.unseen)}.`);
console.log(
  `CPU ratio of serving the viewers: ${ratio(whole - ours.unseen)}; of everything: ${ratio(whole)} (aim 1.3 or less).`,
);
console.log(
  'Delivered: aim 99 % or more. Not the same work: the whole hub also reads and checks the camera’s pictures.',
);
