/** Probes of single ports: what strangers answer, well or badly. */
import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { knock } from '#server/base/knock.ts';
import { probeOnvif } from '#server/base/onvif-probe.ts';
import { probeRtsp } from '#server/base/rtsp-probe.ts';
import { listVideoDevices } from '#server/base/video-devices.ts';
import { probeWeb } from '#server/base/web-probe.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { loopbackEgress } from '#test/fakes/onvif.ts';
import { startHttpCamera } from '#test/peers/http-camera.ts';
import { startOnvifCamera } from '#test/peers/onvif-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const LOGIN = { username: 'ann', password: 'tulip' };
const egress = loopbackEgress();
const who = { egress, clock: systemClock, signal: new AbortController().signal };
const portOf = (url: string) => Number(new URL(url).port);

async function rawServer(
  t: { after(call: () => void): void },
  answer: (socket: Socket) => void,
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => undefined));
    answer(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

test('a port is open or refuses; what the guard keeps closed is not knocked at', async t => {
  const port = await rawServer(t, () => undefined);
  assert.equal(await knock(`http://127.0.0.1:${port}`, 'http', 2000, who), 'open');
  assert.equal(await knock('http://127.0.0.1:9', 'http', 2000, who), 'refused');
  await assert.rejects(knock('http://169.254.169.254', 'http', 2000, who), { code: 'address-refused' });
});

test('an RTSP camera is found with its open path, or with the wish for a login', async () => {
  await using open = await startRtspCamera();
  const found = await probeRtsp('127.0.0.1', open.port, who);
  assert.deepEqual([found?.url, found?.needsLogin], [open.url, false]);
  await using closed = await startRtspCamera({ login: LOGIN });
  const guarded = await probeRtsp('127.0.0.1', closed.port, who);
  assert.equal(guarded?.needsLogin, true);
});

test('what is no RTSP, or never ends, or redirects, is nothing', async t => {
  const answers: Array<(socket: Socket) => void> = [
    socket => void socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    socket => void socket.on('data', () => socket.write('RTSP/1.0 200 OK\r\nX: '.padEnd(40_000, 'y'))),
    socket => socket.destroy(),
  ];
  for (const answer of answers) {
    assert.equal(await probeRtsp('127.0.0.1', await rawServer(t, answer), who), undefined);
  }
  const moved = await rawServer(t, socket => {
    socket.on('data', () =>
      socket.write('RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:1/\r\n\r\n'),
    );
  });
  const found = await probeRtsp('127.0.0.1', moved, who);
  assert.deepEqual([found?.url, found?.needsLogin], [undefined, false]);
});

test('a web server with a picture is found with its name', async () => {
  await using camera = await startHttpCamera((request, response) => {
    if (request.url === '/shot.jpg') response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end('jpeg');
    else if (request.url === '/')
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title> My\nphone </title>');
    else response.writeHead(404).end();
  });
  const port = portOf(camera.url);
  assert.deepEqual(await probeWeb('127.0.0.1', port, who), {
    name: 'My phone',
    picture: { url: `http://127.0.0.1:${port}/shot.jpg`, sort: 'still', needsLogin: false },
  });
});

test('a stream over HTTP counts too, and is not read to its end', async () => {
  await using camera = await startHttpCamera((request, response) => {
    if (request.url !== '/video') return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=b' });
    response.write('--b\r\n');
  });
  const found = await probeWeb('127.0.0.1', portOf(camera.url), who);
  assert.equal(found?.picture?.sort, 'mjpeg');
});

test('whoever asks for a login is a camera only by its name, and is asked twice at most', async () => {
  for (const [scheme, isCamera] of [
    ['IP Camera', true],
    ['Router', false],
  ] as const) {
    await using device = await startHttpCamera((_request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': `Basic realm="${scheme}"` }).end();
    });
    const found = await probeWeb('127.0.0.1', portOf(device.url), who);
    assert.equal(found?.picture?.needsLogin, isCamera ? true : undefined);
    assert.equal(device.requests.length, 2);
  }
});

test('pages for everything, endless pages and redirects are no pictures', async () => {
  await using pages = await startHttpCamera((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    const more = () => {
      while (!response.destroyed && response.write('<p>'.repeat(10_000)));
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  });
  assert.equal((await probeWeb('127.0.0.1', portOf(pages.url), who))?.picture, undefined);
  await using moved = await startHttpCamera((_request, response) => {
    response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
  });
  assert.equal(await probeWeb('127.0.0.1', portOf(moved.url), who), undefined);
});

test('an ONVIF camera is found, and whether it wants a login', async () => {
  await using open = await startOnvifCamera();
  const at = (port: number) => `http://127.0.0.1:${port}/onvif/device_service`;
  assert.deepEqual(await probeOnvif(at(open.port), who, who.signal), {
    needsLogin: false,
    maker: 'Tulip & Sons',
    model: 'Eye 2',
  });
  await using closed = await startOnvifCamera({ login: { ...LOGIN, scheme: 'wsse' } });
  assert.equal((await probeOnvif(at(closed.port), who, who.signal))?.needsLogin, true);
  assert.equal(closed.wrongTries, 1, 'one question without a login');
  await using other = await startHttpCamera((_request, response) => void response.end('hello'));
  assert.equal(await probeOnvif(at(portOf(other.url)), who, who.signal), undefined);
});

test('plugged-in cameras are listed with their names', async t => {
  const folder = await temporaryFolder(t);
  for (const file of ['video10', 'video2', 'videofake', 'null']) await writeFile(join(folder, file), '');
  const links = join(folder, 'by-id');
  await mkdir(links);
  await symlink('../video2', join(links, 'usb-eye-index0'));
  await symlink('../gone', join(links, 'usb-gone-index0'));
  assert.deepEqual(await listVideoDevices(folder, folder, links), [
    { path: join(folder, 'video2'), stablePath: join(links, 'usb-eye-index0'), name: 'video2' },
    { path: join(folder, 'video10'), stablePath: null, name: 'video10' },
  ]);
  assert.deepEqual(await listVideoDevices('/nowhere'), []);
});
