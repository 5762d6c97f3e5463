/** What passes a relay: addresses are rewritten both ways, packets come as they are and in their order. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RelayAddresses } from '#server/base/rtsp/relay-addresses.ts';
import { Program, relayTo } from '#test/fakes/relay-bench.ts';
import { until } from '#test/fakes/until.ts';
import { frameOf, startOddCamera } from '#test/peers/odd-rtsp-camera.ts';

const TCP = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1';
const baseOf = (text: string) => /content-base: (\S+)/i.exec(text)?.[1] ?? '';

test('addresses: only scheme and host change, and every way back is the way there', () => {
  const ours = 'rtsp://127.0.0.1:9/token';
  const addresses = new RelayAddresses(ours, 'rtsp://cam/a?b=c');
  assert.equal(addresses.toCamera(ours), 'rtsp://cam/a?b=c');
  assert.equal(addresses.toCamera(`${ours}x`), undefined);
  assert.equal(addresses.toCamera(`${ours}/0/a`), undefined, 'nobody was named yet');
  for (const url of [
    'rtsp://cam/a?b=c/trackID=1',
    'RTSPS://10.0.0.1:322/x/',
    'rtsp://[fe80::1]:554',
    'rtsp://cam?x',
  ]) {
    const shown = addresses.toRelay(url);
    assert.ok(shown.startsWith(`${ours}/`), shown);
    assert.equal(addresses.toCamera(shown), url);
  }
  assert.equal(addresses.toRelay('trackID=1'), 'trackID=1');
  assert.equal(addresses.base('/a/'), `${ours}/0/a?b=c`, 'a base that is not absolute is none');
  assert.equal(
    addresses.rtpInfo('url=rtsp://cam/1;seq=1,url="rtsp://cam/2";seq=2'),
    `url=${ours}/0/1;seq=1,url="${ours}/0/2";seq=2`,
  );
  for (let i = 0; i < 100; i++) addresses.toRelay(`rtsp://host${i}/`);
  assert.equal(addresses.toCamera(`${ours}/99/`), undefined, 'the book is bounded');
});

test('the camera is asked by its own addresses, the program hears ours alone', async () => {
  let inside = '';
  await using camera = await startOddCamera({
    sdp: () => `v=0\r\nm=video 0 RTP/AVP 96\r\na=control:${inside}/track1\r\n`,
    headers: {
      DESCRIBE: ['Server: WMServer/9.0', 'Location: rtsp://127.0.0.1:1/', 'RealChallenge1: x'],
      PLAY: ['X-A: b', 'RTP-Info: url=rtsp://192.168.7.7/cam/track1;seq=1;rtptime=2'],
    },
  });
  inside = 'rtsp://192.168.7.7/cam';
  await using relay = await relayTo(camera.url);
  assert.doesNotMatch(relay.url, /cam/, 'a path may hold a password, and arguments can be read by all');
  using program = await Program.at(relay.url);
  const { text } = await program.ask('DESCRIBE', relay.url);
  assert.doesNotMatch(text, /server:|location|realchallenge|192\.168/i);
  assert.equal(baseOf(text), `${relay.url}/0/cam?n=1`);
  const [, track = ''] = /a=control:(\S+)/.exec(text) ?? [];
  await program.ask('SETUP', track, [TCP, 'Authorization: Basic b3Vycw==']);
  const played = await program.ask('PLAY', baseOf(text), ['Session: 4711', 'Range: npt=0.000-']);
  assert.match(played.text, /rtp-info: url=(\S+);seq=1/i);
  assert.equal(/url=(\S+?);/.exec(played.text)?.[1], track);
  const [setup, play] = camera.requests.slice(-2);
  assert.equal(setup?.url, `${inside}/track1`);
  assert.equal(setup?.headers['authorization'], undefined);
  assert.deepEqual([play?.url, play?.headers['range']], [camera.url, 'npt=0.000-']);
});

test('a line break inside a header begins no header of its own', async () => {
  await using camera = await startOddCamera({
    headers: { PLAY: ['Range: npt=0-\nContent-Length: 50\rX: y'] },
  });
  await using relay = await relayTo(camera.url);
  using program = await Program.at(relay.url);
  const { text } = await program.ask('PLAY', relay.url);
  assert.doesNotMatch(text, /^content-length/im);
});

test('packets come behind the answer that they follow, cut anywhere, stray bytes left out', async () => {
  const packets = Array.from({ length: 40 }, (_, i) => frameOf(i % 2, `${i}-`.repeat(i * 20)));
  const stream = Buffer.concat([...packets, Buffer.from([0, 1, 2]), frameOf(0, 'last')]);
  const answer = Buffer.from('RTSP/1.0 200 OK\r\nSession: 4711\r\nCSeq: 3\r\n\r\n');
  for (const size of [1, 7, 1000, 100_000]) {
    await using camera = await startOddCamera({
      say: ({ method }) => (method === 'PLAY' ? Buffer.alloc(0) : undefined),
    });
    await using relay = await relayTo(camera.url);
    using program = await Program.at(relay.url);
    void program.ask('PLAY', relay.url);
    await until('it is asked to play', () => camera.requests.at(-1)?.method === 'PLAY');
    const bytes = Buffer.concat([answer, stream]);
    for (let at = 0; at < bytes.length; at += size) {
      camera.send(bytes.subarray(at, at + size));
      if (at % (size * 100) === 0) await new Promise(setImmediate);
    }
    await until('the last came', () => program.heard.at(-1) === '0:last');
    const expected = packets.map(frame => `${frame[1]}:${frame.subarray(4).toString()}`);
    assert.deepEqual(program.heard, ['RTSP/1.0 200 OK', ...expected, '0:last']);
  }
});

test('reports of the program reach the camera, requests of the camera are answered', async () => {
  await using camera = await startOddCamera({ packets: frameOf(0, 'first') });
  await using relay = await relayTo(camera.url);
  using program = await Program.at(relay.url);
  await program.ask('PLAY', relay.url);
  program.socket.write(frameOf(1, 'report'));
  await until('the report came', () => camera.reports.length === 1);
  assert.deepEqual(camera.reports[0], frameOf(1, 'report'));
  camera.send('OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n');
  assert.equal((await program.ask('GET_PARAMETER', relay.url)).status, 200);
  assert.deepEqual(program.heard, ['RTSP/1.0 200 OK', '0:first', 'RTSP/1.0 200 OK']);
});

test('a program that does not read makes the camera wait, and costs no memory', async () => {
  await using camera = await startOddCamera();
  await using relay = await relayTo(camera.url);
  using program = await Program.at(relay.url);
  await program.ask('PLAY', relay.url);
  program.socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  const frame = frameOf(0, 'x'.repeat(60_000));
  const all = 500;
  for (let i = 0; i < all; i++) camera.send(frame);
  await new Promise(resolve => setTimeout(resolve, 200));
  // What the camera has not got rid of waits on its own side, as the one buffer that is sent again and again.
  assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
  program.socket.resume();
  await until('all came', () => program.heard.length === all + 1);
});

const needsOpenssl = { skip: spawnSync('openssl', ['version']).status !== 0 };

test(
  'rtsps: a certificate that the camera signed itself is taken when it is not to be checked',
  needsOpenssl,
  async t => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-tls-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const files = ['-subj', '/CN=cam.test', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'ignore' });
    const names: string[] = [];
    const SNICallback = (name: string, done: (error: null) => void) => {
      names.push(name);
      done(null);
    };
    await using camera = await startOddCamera({
      tls: { key: readFileSync(key), cert: readFileSync(cert), SNICallback },
    });
    const error = { code: 'source-unreachable', message: /^Yard shows a certificate.*Switch the check/ };
    await assert.rejects(relayTo(camera.url), error);
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const url = camera.url.replace('127.0.0.1', 'cam.test');
    await using relay = await relayTo(url, { isCertificateChecked: false, lookup });
    using program = await Program.at(relay.url);
    assert.equal((await program.ask('DESCRIBE', relay.url)).status, 200);
    assert.deepEqual(names, ['cam.test']);
  },
);
