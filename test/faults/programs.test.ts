/** Programs that help: killed, frozen, leaking, ending at once, missing; and a camera that is unplugged. Only their own source notices. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Ffmpeg, findFfmpeg } from '#server/base/ffmpeg.ts';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { fakeFfmpeg, fakeProgram } from '#test/fakes/fake-program.ts';
import { type RealWatch, watchReal } from '#test/fakes/real-watch.ts';
import { until } from '#test/fakes/until.ts';

const run = promisify(execFile);
/** A test card whose height tells its FFmpeg from those of other tests. */
const card = (height: number, width = 320) => ({
  kind: 'test',
  options: { width, height, label: false, fps: 10 },
});
/** A test card as another FFmpeg would send it, whatever it is asked for. */
const SENDS = '-nostdin -v error -re -f lavfi -i testsrc2=size=64x48:rate=10 -c:v mjpeg -f mpjpeg pipe:3';

/** Numbers of the FFmpegs that this process runs and whose picture has this size. */
async function ffmpegsOf(size: string): Promise<number[]> {
  const numbers = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    numbers.map(async number => {
      const line = await readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => '');
      const stat = await readFile(`/proc/${number}/stat`, 'utf8').catch(() => '');
      const parent = Number(stat.replace(/^.*\) . /s, '').split(' ')[0]);
      return parent === process.pid && line.includes(size) ? Number(number) : 0;
    }),
  );
  return lines.filter(number => number > 0);
}

/** Two sources of FFmpeg: what is done to the first must not touch the second. */
async function two(clock: FakeClock, height: number): Promise<RealWatch> {
  const watched = await watchReal([card(height), card(height, 240)], { clock });
  // The second begins within the second after the first.
  await clock.advance(1000);
  await watched.more();
  await watched.more('source11');
  return watched;
}

/** Lets time pass in small steps until it has come true, with real time for the pictures of sources that run. */
async function passUntil(clock: FakeClock, what: string, isTrue: () => boolean): Promise<void> {
  await until(what, async () => {
    await clock.advance(250);
    await delay(100);
    return isTrue();
  });
}

/** A device file that no driver stands behind; undefined where none can be made. */
async function plug(t: TestContext, device: string): Promise<boolean> {
  try {
    await run('mknod', [device, 'c', '1', '3']);
    t.after(() => rm(device, { force: true }));
    return true;
  } catch (thrown) {
    t.skip(`this machine lets nobody make a device: ${String(thrown).split('\n')[0]}`);
    return false;
  }
}

// Each has a clock and programs of its own.
describe('programs', { concurrency: true }, () => {
  test('FFmpeg that is killed is said not to be the camera, started again, and missed by nobody else', async () => {
    const clock = new FakeClock();
    await using watched = await two(clock, 180);
    const [pid] = await ffmpegsOf('320x180');
    const failed = watched.fails();
    process.kill(pid ?? assert.fail(), 'SIGKILL');
    assert.match(await failed, /Yard: FFmpeg was ended from outside/);
    await clock.advance(1000);
    await watched.more();
    assert.deepEqual(watched.failures('source11'), []);
    await watched.more('source11');
  });

  test('FFmpeg that is frozen is noticed, ended by force and started again', async () => {
    const clock = new FakeClock();
    await using watched = await two(clock, 184);
    const [pid = assert.fail()] = await ffmpegsOf('320x184');
    process.kill(pid, 'SIGSTOP');
    // SIGKILL follows five seconds after SIGTERM, which it does not hear.
    await passUntil(clock, 'it is said', () => watched.failures().length > 0);
    assert.match(watched.failures()[0] ?? '', /Yard stopped sending: no picture for \d+ s\. Check its power/);
    await until('it is gone', async () => !(await ffmpegsOf('320x184')).includes(pid));
    const before = watched.sizes().length;
    await passUntil(clock, 'pictures come again', () => watched.sizes().length > before);
    assert.deepEqual(watched.failures('source11'), []);
  });

  test('FFmpeg that leaks is ended at its limit, in words, and started again; the others go on', async t => {
    const clock = new FakeClock();
    const real = (await findFfmpeg()).path ?? assert.fail();
    const leak = '[0:v]split[a][b];[a]scale=64:48,format=yuvj420p[j];[b]reverse[r]';
    const hungry = await fakeFfmpeg(
      t,
      `exec ${real} -nostdin -loglevel level+warning -re -f lavfi -i testsrc2=size=1920x1080:rate=25 -filter_complex_threads 1 -filter_complex '${leak}' -map '[j]' -c:v mjpeg -threads 1 -f mpjpeg pipe:3 -map '[r]' -f null -`,
    );
    const ffmpeg: Ffmpeg = {
      ...hungry,
      start: (args, options) => hungry.start(args, { ...options, memoryMiB: 160 }),
    };
    await using modest = await watchReal([card(188)], { clock });
    await using watched = await watchReal([card(188)], { clock, ffmpeg });
    await watched.more();
    assert.match(
      await watched.fails(),
      /Yard: FFmpeg was ended because it wanted more memory than it may have\. Choose a smaller picture/,
    );
    await clock.advance(1000);
    await watched.more();
    await modest.more();
    assert.deepEqual(modest.failures(), []);
  });

  test('FFmpeg that ends at once without an error is not started in a circle', async t => {
    const clock = new FakeClock();
    const ffmpeg = await fakeFfmpeg(t, 'exit 0');
    await using watched = await watchReal([card(188)], { clock, ffmpeg });
    await watched.fails();
    for (let second = 0; second < 60; second++) {
      await clock.advance(1000);
      await delay(10);
      await settle();
    }
    const starts = (await readFile(`${ffmpeg.path}.said`, 'utf8'))
      .split('\n')
      .filter(line => line.includes('lavfi'));
    assert.ok(starts.length >= 5 && starts.length <= 16, `${starts.length} starts in a minute`);
    assert.match(watched.failures().at(-1) ?? '', /Yard.*(ended|stopped|no picture|closed)/);
    assert.equal(watched.logged.filter(line => line.startsWith('warning')).length, 1);
  });

  test('FFmpeg that goes missing while the hub runs is said, and used again once it is back', async t => {
    const clock = new FakeClock();
    const real = (await findFfmpeg()).path ?? assert.fail();
    const path = await fakeProgram(t, 'ffmpeg', `exec ${real} "$@"`);
    const ffmpeg = await findFfmpeg(path);
    await rename(path, `${path}.away`);
    await using watched = await watchReal([card(188)], { clock, ffmpeg });
    await until('it fails', () => watched.failures().length > 0);
    assert.match(watched.failures()[0] ?? '', /ffmpeg could not be started.*ENOENT/);
    await rename(`${path}.away`, path);
    await clock.advance(1000);
    await watched.more();
  });

  test('without FFmpeg a source says what to install, and is not asked for in a circle', async () => {
    const clock = new FakeClock();
    const ffmpeg = await findFfmpeg('/nowhere/ffmpeg');
    await using watched = await watchReal([card(188)], { clock, ffmpeg });
    await until('it fails', () => watched.failures().length > 0);
    assert.match(watched.failures()[0] ?? '', /FFMPEG_PATH.*apt-get install ffmpeg.*restart/);
    for (let second = 0; second < 60; second++) await clock.advance(1000);
    assert.ok(watched.failures().length <= 16);
  });

  test('a USB camera that is not plugged in, plugged in, unplugged and plugged in again', async t => {
    const clock = new FakeClock();
    const device = '/dev/video986';
    const real = (await findFfmpeg()).path ?? assert.fail();
    // The driver's part is played by a program that sends for as long as the device is there.
    const script = `${real} ${SENDS} & p=$!; trap 'kill -9 $p; exit 0' TERM
    while [ -e ${device} ]; do sleep 0.05; done
    kill -9 $p; echo "[error] ${device}: No such device" >&2; exit 1`;
    const ffmpeg = await fakeFfmpeg(t, script);
    await using watched = await watchReal([{ kind: 'usb', options: { device } }], { clock, ffmpeg });
    await until('it fails', () => watched.failures().length > 0);
    assert.match(watched.failures()[0] ?? '', /\/dev\/video986 is not there\. Plug the camera in/);
    if (!(await plug(t, device))) return;
    await clock.advance(1000);
    await watched.more();
    const failed = watched.fails();
    await rm(device);
    assert.match(await failed, /unplugged\. It comes back once it is plugged in again/);
    await plug(t, device);
    await clock.advance(1000);
    await watched.more();
  });
});
