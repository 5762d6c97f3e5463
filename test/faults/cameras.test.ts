/** Cameras that are off, silent, slow, damaged or change their format: said in words, waited for, found again. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FakeClock, settle } from '#test/fakes/clock.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { watchReal } from '#test/fakes/real-watch.ts';
import { until } from '#test/fakes/until.ts';
import { jpegOf, startHttpCamera } from '#test/peers/http-camera.ts';
import { startMjpegCamera } from '#test/peers/mjpeg-camera.ts';
import { freePort } from '#test/peers/mosquitto.ts';
import { startOddCamera } from '#test/peers/odd-rtsp-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';
import { startTcpProxy } from '#test/peers/tcp-proxy.ts';

const HALF_AN_HOUR = 1_800_000;

/** A second of H.264 in one size, as the transport stream that goes on from the second before. */
async function secondOf(size: string, at: number): Promise<Buffer> {
  const coded = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-g',
    '5',
    '-pix_fmt',
    'yuv420p',
  ];
  const input = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10`, '-t', '1'];
  const output = ['-output_ts_offset', `${at}`, '-muxdelay', '0', '-f', 'mpegts', 'pipe:1'];
  const options = { encoding: 'buffer' as const, maxBuffer: 10_000_000 };
  return (await promisify(execFile)('ffmpeg', [...input, ...coded, ...output], options)).stdout;
}

/** A server whose answer a test writes byte by byte; until the test ends. */
async function serve(t: TestContext, answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture.jpg`;
}

test('a camera that is off at the start and for half an hour is one line of the log, and is back within a minute', async () => {
  const clock = new FakeClock();
  await using camera = await startMjpegCamera({ everyMs: 5 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  await using watched = await watchReal([{ kind: 'mjpeg', options: { url } }], { clock });
  await watched.fails();
  for (let passed = 0; passed < HALF_AN_HOUR; passed += 10_000) {
    await clock.advance(10_000);
    // A refusal takes real time.
    for (let i = 0; i < 5; i++) await settle();
    await delay(2);
  }
  const tries = watched.failures().length;
  assert.ok(tries > 10 && tries < 60, `${tries} tries in half an hour`);
  assert.match(watched.failures().at(-1) ?? '', /refuses connections\. Check the port/);
  assert.equal(watched.logged.filter(line => line.startsWith('warning')).length, 1);
  await using _on = await startTcpProxy(Number(new URL(camera.url).port), { port });
  const seen = watched.more();
  for (let passed = 0; passed < 90_000 && watched.sizes().length === 0; passed += 1000) {
    await clock.advance(1000);
    await delay(2);
  }
  await seen;
});

describe('streams that go wrong', { concurrency: true }, () => {
  test('RTSP that is described, set up and played, without a single packet, is given up after 20 s', async () => {
    const clock = new FakeClock();
    await using camera = await startOddCamera();
    await using watched = await watchReal([{ kind: 'rtsp', options: { url: camera.url } }], { clock });
    await until('it plays', () => camera.requests.some(({ method }) => method === 'PLAY'));
    const failed = watched.fails();
    await clock.advance(20_000);
    // FFmpeg is asked to end first.
    await clock.advance(5000);
    assert.match(await failed, /Yard sent no picture within 20 s\. Check its address/);
    assert.deepEqual(watched.codes(), ['source-silent']);
  });

  test('a still that comes at a byte a second is given up after 20 s as a whole', async t => {
    const clock = new FakeClock();
    const picture = await jpegOf(64, 48);
    let sent = 0;
    const url = await serve(t, response => {
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': picture.length });
      const drop = () => {
        if (response.destroyed) return;
        response.write(picture.subarray(sent, ++sent));
        clock.after(1000, drop);
      };
      drop();
    });
    await using watched = await watchReal([{ kind: 'image', schedule: '1s', options: { url } }], { clock });
    const failed = watched.fails();
    await until('it has begun', () => sent > 0);
    for (let second = 0; second < 21; second++) {
      await clock.advance(1000);
      await delay(2);
    }
    assert.match(await failed, /within 20 s/);
    assert.ok(sent > 10, 'bytes came all the time');
  });

  test('a “JPEG” of 500 MB and a header without end cost neither memory nor time', async t => {
    const chunk = Buffer.alloc(1_000_000, 0x11);
    let sent = 0;
    const huge = await serve(t, response => {
      response.writeHead(200, { 'Content-Type': 'image/jpeg' });
      const more = () => {
        while (!response.destroyed && sent < 500) {
          sent++;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    const endless = await serve(t, response => {
      const { socket } = response;
      socket?.write('HTTP/1.1 200 OK\r\n');
      const more = () => {
        while (socket && !socket.destroyed)
          if (!socket.write(`X-More: ${'y'.repeat(1000)}\r\n`)) return void socket.once('drain', more);
      };
      more();
    });
    const before = process.memoryUsage().rss;
    await using watched = await watchReal([
      { kind: 'image', schedule: '1m', options: { url: huge } },
      { kind: 'image', schedule: '1m', options: { url: endless } },
      { kind: 'mjpeg', options: { url: huge } },
    ]);
    await until('all have failed', () => [0, 1, 2].every(i => watched.failures(`source${i}1`).length > 0));
    assert.match(watched.failures('source01')[0] ?? '', /kB/);
    assert.ok(sent < 200, `${sent} MB were taken`);
    assert.ok(process.memoryUsage().rss - before < 300_000_000);
  });

  test('an HTTP camera that redirects in a circle is left after a few requests, in words', async () => {
    for (const [kind, schedule] of [
      ['image', '1m'],
      ['mjpeg', 'live'],
    ] as const) {
      await using camera = await startHttpCamera((request, response) => {
        response.writeHead(302, { Location: request.url ?? '/' }).end();
      });
      const clock = new FakeClock();
      await using watched = await watchReal([{ kind, schedule, options: { url: camera.url } }], { clock });
      await until('it fails', () => watched.failures().length > 0);
      assert.match(watched.failures()[0] ?? '', /redirect/);
      assert.ok(camera.requests.length <= 10, `${camera.requests.length} requests`);
    }
  });

  test('RTSP that changes its size in the middle goes on without a break', async t => {
    const folder = await temporaryFolder(t);
    const film = join(folder, 'film.ts');
    const parts = ['320x240', '160x120', '640x360', '160x120', '320x240'].map((size, second) =>
      secondOf(size, second),
    );
    await writeFile(film, Buffer.concat(await Promise.all(parts)));
    const launch = `( filesrc location=${film} ! tsdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )`;
    await using camera = await startRtspCamera({ launch });
    await using watched = await watchReal([{ kind: 'rtsp', options: { url: camera.url, fps: 10 } }]);
    using _viewer = watched.watch.listen('source01', () => undefined, { isViewer: true });
    await until('pictures of all parts were seen', () => watched.sizes().length > 25);
    assert.deepEqual(watched.failures(), []);
  });

  test('MJPEG that changes its size in the middle goes on', async () => {
    const pictures = [await jpegOf(64, 48), await jpegOf(128, 96)];
    await using camera = await startMjpegCamera({ pictures });
    await using watched = await watchReal([{ kind: 'mjpeg', options: { url: camera.url, fps: 60 } }]);
    await until('both sizes were seen', () => new Set(watched.sizes()).size > 1);
    assert.deepEqual(watched.failures(), []);
  });

  test('H.264 with broken bytes gives pictures wherever it can, and hurts no other camera', async () => {
    const coder = 'x264enc tune=zerolatency speed-preset=ultrafast key-int-max=5 bitrate=300';
    const launch = `( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=10/1 ! ${coder} ! breakmydata probability=0.002 skip=400 ! rtph264pay name=pay0 pt=96 config-interval=-1 )`;
    await using broken = await startRtspCamera({ launch });
    await using whole = await startRtspCamera();
    await using watched = await watchReal([
      { kind: 'rtsp', options: { url: broken.url, fps: 10 } },
      { kind: 'rtsp', options: { url: whole.url, fps: 10 } },
    ]);
    using _viewer = watched.watch.listen('source01', () => undefined, { isViewer: true });
    await until(
      'pictures come of both',
      () => watched.sizes().length > 5 && watched.sizes('source11').length > 5,
    );
    await until('the damage is noted', () =>
      /error|concealing|corrupt|Invalid/i.test(`${watched.watch.logOf('source01')}`),
    );
    for (const code of watched.codes()) assert.match(code, /^source-(broken|ended|silent)$/);
    assert.deepEqual(watched.failures('source11'), []);
  });
});
