/** What a camera costs: ours against Motion on the same RTSP streams, one to eight of them, in one run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { film, playing } from '#test/bench/film.ts';
import { cpuSeconds, machine, median, shareMiB, table, treeOf } from '#test/bench/gauge.ts';
import { startHubProcess } from '#test/peers/hub-process.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const CAMERAS = [1, 4, 8];
const SECONDS = Number(process.argv[2] ?? 20);
const WARM_UP_S = 8;
const FPS = 15;

/** Something that reads cameras. */
interface Subject extends AsyncDisposable {
  pid: number;
}

/** Of one measurement: shares of a core, and MiB. */
interface Cost {
  cpu: number;
  memory: number;
}

type Open = (urls: string[], folder: string) => Promise<Subject>;

function ended(child: ChildProcess): Subject {
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      for (const pid of (await treeOf(child.pid ?? 0)).toReversed()) process.kill(pid, 'SIGKILL');
    },
  };
}

const runs =
  (mode: string): Open =>
  async (urls, folder) => {
    const file = join(import.meta.dirname, 'camera-runs.ts');
    return ended(spawn(process.execPath, [file, mode, folder, ...urls], { stdio: 'ignore' }));
  };

const hub: Open = async (urls, folder) => {
  const process = await startHubProcess({ folder: join(folder, 'data') });
  await process.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  for (const [index, url] of urls.entries()) {
    await process.api('POST', 'api/sources', { name: `Camera ${index}`, kind: 'rtsp', options: { url } });
  }
  return { pid: process.pid, [Symbol.asyncDispose]: async () => void (await process.end()) };
};

const motion: Open = async (urls, folder) => {
  const common = `daemon off\nsetup_mode off\nwebcontrol_port 0\nstream_port 0\nlog_level 3\nwidth 1280\nheight 720\nframerate 5\nsnapshot_interval 10\npicture_output off\nmovie_output on\nmovie_passthrough on\nmovie_max_time 10\nemulate_motion on\ntarget_dir ${folder}\n`;
  const cameras = urls.map(async (url, index) => {
    const path = join(folder, `camera${index}.conf`);
    await writeFile(
      path,
      `camera_id ${index + 1}\ncamera_name c${index}\nnetcam_url ${url}\nmovie_filename ${index}-%s\n`,
    );
    return `camera ${path}\n`;
  });
  await writeFile(join(folder, 'motion.conf'), common + (await Promise.all(cameras)).join(''));
  return ended(spawn('motion', ['-n', '-c', join(folder, 'motion.conf')], { stdio: 'ignore' }));
};

/** A fresh camera each time: gst-rtsp-server does not outlive many players that leave at once. */
async function measure(open: Open, count: number, root: string, launch: string): Promise<Cost> {
  const folder = await mkdtemp(join(root, 'run-'));
  await using camera = await startRtspCamera({ launch });
  const urls = Array.from({ length: count }, () => camera.url);
  await mkdir(join(folder, 'data'));
  await using subject = await open(urls, folder);
  await delay(WARM_UP_S * 1000);
  const used = async () => {
    const seconds = await Promise.all((await treeOf(subject.pid)).map(pid => cpuSeconds(pid).catch(() => 0)));
    return seconds.reduce((sum, one) => sum + one, 0);
  };
  const shares: number[] = [];
  for (let i = 0; i < SECONDS / 5; i++) {
    const [usedS, atMs] = [await used(), performance.now()];
    await delay(5000);
    shares.push(((await used()) - usedS) / ((performance.now() - atMs) / 1000));
  }
  const memory = await shareMiB(await treeOf(subject.pid));
  if (!(await isServing(camera.port))) throw new Error('The camera ended while it was read.');
  return { cpu: median(shares), memory };
}

function isServing(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

const SUBJECTS: Record<string, Open> = {
  Motion: motion,
  'ours, full': runs('full'),
  'ours, key frames': runs('keyframes'),
  'the hub today': hub,
};

const root = await mkdtemp('/dev/shm/bench-');
try {
  const launch = playing(await film(root, FPS));
  console.log(
    `Cameras: 1280×720, ${FPS} a second, 4 Mbit/s, a key frame every 2 s, coded as cameras code (CABAC, loop filter, one slice); ${SECONDS} s each, median of 5 s.`,
  );
  console.log(`${machine()}; the cameras (one gst-rtsp-server) share it.\n`);
  const rows = [
    [
      '',
      ...CAMERAS.map(count => `${count} × CPU a camera`),
      ...CAMERAS.map(count => `${count} × MiB a camera`),
    ],
  ];
  const first: Record<string, number> = {};
  for (const [name, open] of Object.entries(SUBJECTS)) {
    const idle = name === 'the hub today' ? await measure(open, 0, root, launch) : { cpu: 0, memory: 0 };
    const results: Cost[] = [];
    for (const count of CAMERAS) {
      const { cpu, memory } = await measure(open, count, root, launch);
      results.push({ cpu: (cpu - idle.cpu) / count, memory: (memory - idle.memory) / count });
    }
    first[name] = median(results.map(({ cpu }) => cpu));
    rows.push([
      name,
      ...results.map(({ cpu }) => `${(cpu * 100).toFixed(1)} %`),
      ...results.map(({ memory }) => memory.toFixed(0)),
    ]);
  }
  console.log(table(rows));
  const ratio = (name: string) => ((first[name] ?? 0) / (first['Motion'] ?? 1)).toFixed(2);
  console.log(
    `\nCPU against Motion: full ${ratio('ours, full')} (aim 0.8), key frames ${ratio('ours, key frames')} (aim 0.3), the hub today ${ratio('the hub today')}.`,
  );
  console.log(
    'Motion: detection at 5 a second on whole pictures, every movie recorded by copy, a still every 10 s. Ours, full: the FFmpeg that the hub starts with a still every 10 s, gray pictures of 320×180 at 5 a second, a recording by copy and the stream handed on to our port; the comparison of gray pictures itself is not in it yet. Key frames: the same without gray pictures. The hub today: the whole hub with stills and the stream handed on, less what it uses without cameras; it does not record yet.',
  );
} finally {
  await rm(root, { recursive: true, force: true });
}
