/** One 720p stream to 8 and 32 players: the RTSP door against gst-rtsp-server as a proxy, on the same camera, in one run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '#server/base/child.ts';
import { film, playing } from '#test/bench/film.ts';
import { cpuSeconds, machine, median, residentMiB, table } from '#test/bench/gauge.ts';
import { ANN } from '#test/fakes/rtsp-world.ts';
import { until } from '#test/fakes/until.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const PLAYERS = [8, 32];
const SECONDS = Number(process.argv[2] ?? 10);
const WARM_UP_S = 2;
const JOINS = 20;
const GST_JOINS = 8;

interface Seen {
  packets: number;
  lost: number;
  bytes: number;
  playing: number;
  firstMs: number[];
}

interface Result {
  cpu: number;
  memory: number;
  lost: number;
  packetsPerS: number;
  firstMs: number[];
}

/** What is measured: where to play, and the processes that do it. */
interface Subject extends AsyncDisposable {
  url: string;
  pid: number;
  login: string[];
  joins: number;
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

async function ours(camera: string): Promise<Subject & { pushPid: number }> {
  const server = run('rtsp-server.ts', []);
  const said: string[] = [];
  lines(server).on('line', line => said.push(line));
  await until('the server listens', () => said.length > 0);
  const input = ['-rtsp_transport', 'tcp', '-i', camera, '-c', 'copy'];
  const output = ['-f', 'rtsp', '-rtsp_transport', 'tcp', '-pkt_size', '1316', said[0] ?? ''];
  const push = startChild('ffmpeg', ['-nostdin', '-loglevel', 'error', ...input, ...output]);
  await until('the stream has come', () => said.length > 1);
  return {
    ...{ url: said[1] ?? '', pid: server.pid ?? 0, pushPid: push.pid ?? 0, joins: JOINS },
    login: [ANN.username, ANN.password],
    async [Symbol.asyncDispose]() {
      await push.stop();
      server.kill('SIGKILL');
    },
  };
}

async function gstreamer(camera: string): Promise<Subject> {
  const source = `rtspsrc location=${camera} protocols=tcp latency=0`;
  const launch = `( ${source} ! rtph264depay ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )`;
  const proxy = await startRtspCamera({ launch });
  return { ...proxy, login: [], joins: GST_JOINS, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

async function measure(
  subject: Subject,
  players: number,
  pushPid?: number,
): Promise<Result & { push: number }> {
  const readers = run('rtsp-readers.ts', [
    subject.url,
    ...[String(players), String(subject.joins), String(SECONDS), ...subject.login],
  ]);
  let seen: Seen = { packets: 0, lost: 0, bytes: 0, playing: 0, firstMs: [] };
  lines(readers).on('line', line => {
    seen = JSON.parse(line);
  });
  while (seen.playing < players) await delay(50);
  await delay(WARM_UP_S * 1000);
  const [cpu, push]: [number[], number[]] = [[], []];
  const before = seen.packets;
  const used = async (pid: number | undefined) => (pid ? cpuSeconds(pid) : 0);
  const beganMs = performance.now();
  for (let i = 0; i < SECONDS / 2; i++) {
    const [usedS, pushedS, atMs] = [await used(subject.pid), await used(pushPid), performance.now()];
    await delay(2000);
    const seconds = (performance.now() - atMs) / 1000;
    cpu.push(((await used(subject.pid)) - usedS) / seconds);
    push.push(((await used(pushPid)) - pushedS) / seconds);
  }
  const packetsPerS = (seen.packets - before) / ((performance.now() - beganMs) / 1000);
  const memory = await residentMiB(subject.pid);
  while (seen.firstMs.length < subject.joins) await delay(100);
  readers.kill('SIGKILL');
  const { lost, firstMs } = seen;
  return { cpu: median(cpu), push: median(push), memory, lost, packetsPerS, firstMs };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const quantile = (figures: number[], share: number) =>
  (figures.toSorted((a, b) => a - b)[Math.ceil(share * figures.length) - 1] ?? 0).toFixed(0);

const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const launch = playing(await film(folder));
console.log(
  `RTSP: one camera of 720p, 30 a second, 4 Mbit/s, played over TCP; ${SECONDS} s each, median of 2 s.`,
);
console.log(`${machine()}; players, camera and what is measured share it.\n`);
const rows = [
  ['', 'players', 'CPU', 'CPU of FFmpeg before it', 'memory', 'packets/s', 'lost', 'first picture p50 / p99'],
];
const cpus: Record<string, number[]> = {};
for (const [name, open] of Object.entries({ 'RTSP door': ours, 'gst-rtsp-server': gstreamer })) {
  for (const players of PLAYERS) {
    await using camera = await startRtspCamera({ launch });
    await using subject: Subject & { pushPid?: number } = await open(camera.url);
    const result = await measure(subject, players, subject.pushPid);
    cpus[name] = [...(cpus[name] ?? []), result.cpu];
    rows.push([
      ...[name, String(players), percent(result.cpu), subject.pushPid ? percent(result.push) : '–'],
      ...[`${result.memory.toFixed(0)} MiB`, result.packetsPerS.toFixed(0), String(result.lost)],
      `${quantile(result.firstMs, 0.5)} / ${quantile(result.firstMs, 0.99)} ms of ${result.firstMs.length}`,
    ]);
  }
}
await rm(folder, { recursive: true });
console.log(table(rows));
const [door = [], gst = []] = Object.values(cpus);
const slope = (of: number[]) => ((of[1] ?? 0) - (of[0] ?? 0)) / ((PLAYERS[1] ?? 0) - (PLAYERS[0] ?? 0));
console.log(
  `\nCPU a player: ${(slope(door) * 100).toFixed(3)} % against ${(slope(gst) * 100).toFixed(3)} %, ratio ${(slope(door) / slope(gst)).toFixed(2)}.`,
);
console.log('Aims: nothing lost, first picture below 150 ms.');
console.log(
  'Not the same work: the door checks a Digest login at each request and keeps a group of pictures to begin with, which the proxy does not; the proxy reads the camera itself, FFmpeg does it for the door. First pictures count from the TCP connection.',
);
