/** Cameras that do not behave: each ends in a sentence, within limits of time and memory. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '#test/fakes/clock.ts';
import { Program, relayTo } from '#test/fakes/relay-bench.ts';
import { until } from '#test/fakes/until.ts';
import { startOddCamera } from '#test/peers/odd-rtsp-camera.ts';

const OK = 'RTSP/1.0 200 OK\r\n';

for (const [what, said, code, sentence] of [
  ['a head without an end', Buffer.from(`${OK}${'X-A: b\r\n'.repeat(4000)}`), 'source-broken', /too large/],
  ['a line without an end', Buffer.alloc(20_000, 'A'), 'source-broken', /too large/],
  ['a body that is too large', `${OK}Content-Length: 262145\r\n\r\n`, 'source-broken', /too large/],
  [
    'a length that is no number',
    `${OK}Content-Length: -1\r\n\r\n`,
    'source-broken',
    /does not answer as RTSP/,
  ],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'source-broken', /does not answer as RTSP/],
  ['garbage', Buffer.alloc(100_000, 0xff), 'source-broken', /does not answer as RTSP/],
  ['404', 'RTSP/1.0 404 Not Found\r\n\r\n', 'source-unreachable', /no stream at this path/],
  ['403', 'RTSP/1.0 403 Forbidden\r\n\r\n', 'source-refused-login', /403/],
  ['453', 'RTSP/1.0 453 Not Enough Bandwidth\r\n\r\n', 'source-broken', /too many viewers/],
  ['503', 'RTSP/1.0 503 Busy\r\n\r\n', 'source-broken', /cannot serve the stream now \(503\)/],
  ['406', 'RTSP/1.0 406 No\r\n\r\n', 'source-broken', /refuses the request for its stream \(406\)/],
  ['no description', `${OK}\r\n`, 'source-broken', /describes no stream/],
] as const) {
  test(`a camera that answers ${what}`, async () => {
    await using camera = await startOddCamera({
      say: ({ method }) => (method === 'DESCRIBE' ? said : undefined),
    });
    await assert.rejects(relayTo(camera.url), { code, message: sentence });
  });
}

test('a camera that hangs up instead of an answer', async () => {
  await using camera = await startOddCamera({ say: (_request, socket) => void socket.destroy() });
  await assert.rejects(relayTo(camera.url), { code: 'source-ended', message: /^Yard closed the connection/ });
});

for (const drip of [false, true]) {
  test(`a camera that ${drip ? 'sends a byte a second' : 'is silent'} is given up after ten seconds`, async () => {
    const clock = new FakeClock();
    await using camera = await startOddCamera({ say: () => Buffer.from('R') });
    const opening = relayTo(camera.url, { clock });
    opening.catch(() => undefined);
    await until('the camera was asked', () => camera.requests.length > 0);
    for (let second = 0; second < 10; second++) {
      if (drip) camera.send('T');
      await clock.advance(1000);
    }
    await assert.rejects(opening, { code: 'source-silent', message: /^Yard accepts the connection/ });
  });
}

test('nobody at the address is said, and so is a name that leads nowhere', async () => {
  await assert.rejects(relayTo('rtsp://127.0.0.1:9/cam'), {
    code: 'source-unreachable',
    message: /^Yard refuses/,
  });
  const lookup = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
  await assert.rejects(relayTo('rtsp://nowhere.test/cam', { lookup }), { code: 'source-unreachable' });
});

test('a stop while the camera thinks ends the wait with its reason', async () => {
  const stop = new AbortController();
  await using camera = await startOddCamera({ say: () => Buffer.alloc(0) });
  const opening = relayTo(camera.url, { signal: stop.signal });
  opening.catch(() => undefined);
  await until('the camera was asked', () => camera.requests.length > 0);
  stop.abort(new Error('enough'));
  await assert.rejects(opening, { message: 'enough' });
});

test('a camera that ends the stream, or sends garbage in it, is the reason of the run', async () => {
  for (const [end, expected] of [
    ['hangUp', 'source-ended'],
    ['garbage', 'source-broken'],
  ] as const) {
    await using camera = await startOddCamera();
    await using relay = await relayTo(camera.url);
    using program = await Program.at(relay.url);
    await program.ask('PLAY', relay.url);
    if (end === 'hangUp') camera.hangUp();
    else camera.send(Buffer.alloc(200_000, 1));
    await until('the program is let go', () => program.isClosed);
    assert.equal(relay.failure?.code, expected);
  }
});

test('a camera that ends before the program has come is the reason all the same', async () => {
  await using camera = await startOddCamera();
  await using relay = await relayTo(camera.url);
  camera.hangUp();
  await until('it is noticed', () => relay.failure !== undefined);
  assert.equal(relay.failure?.code, 'source-ended');
});

test('a program that ends by itself is no failure of the camera, and its session is torn down', async () => {
  await using camera = await startOddCamera();
  await using relay = await relayTo(camera.url);
  const program = await Program.at(relay.url);
  await program.ask('PLAY', relay.url);
  program[Symbol.dispose]();
  await until('it is torn down', () => camera.requests.at(-1)?.method === 'TEARDOWN');
  assert.equal(camera.requests.at(-1)?.headers['session'], '4711');
  assert.equal(relay.failure, undefined);
});

test('who does not know the address gets nothing; nor does a second one', async () => {
  await using camera = await startOddCamera();
  await using relay = await relayTo(camera.url);
  using stranger = await Program.at(relay.url);
  assert.equal((await stranger.ask('DESCRIBE', relay.url.slice(0, -1))).status, 404);
  using early = await Program.at(relay.url);
  using program = await Program.at(relay.url);
  assert.equal((await program.ask('DESCRIBE', relay.url)).status, 200);
  assert.equal((await early.ask('DESCRIBE', relay.url)).status, 404);
  const late = connect(Number(new URL(relay.url).port), '127.0.0.1');
  const [error] = await once(late, 'error');
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
});
