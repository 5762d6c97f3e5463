/** The relay logs in itself, never tells a login elsewhere, and never tries a wrong one twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program, relayTo } from '#test/fakes/relay-bench.ts';
import type { GuardOptions } from '#test/peers/http-guard.ts';
import { startOddCamera } from '#test/peers/odd-rtsp-camera.ts';

const ANN = { username: 'ann', password: 'tulip & rose' };
const SCHEMES = ['basic', 'digest', 'digest-sha256'] as const satisfies Array<GuardOptions['scheme']>;

for (const scheme of SCHEMES) {
  test(`${scheme}: the camera is logged in to, the program hears nothing of it`, async () => {
    await using camera = await startOddCamera({ login: { ...ANN, scheme } });
    await using relay = await relayTo(camera.url, { login: ANN });
    using program = await Program.at(relay.url);
    assert.equal((await program.ask('OPTIONS', relay.url)).status, 200);
    const described = await program.ask('DESCRIBE', relay.url);
    const [, base] = /content-base: (\S+)/i.exec(described.text) ?? [];
    const transport = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1';
    assert.equal((await program.ask('SETUP', `${base}/trackID=0`, [transport])).status, 200);
    assert.equal((await program.ask('PLAY', `${base}`, ['Session: 4711'])).status, 200);
    assert.equal(camera.wrongTries, 0);
    assert.equal(camera.requests[0]?.headers['authorization'], undefined, 'nothing is told unasked');
    const methods = camera.requests.map(({ method }) => method);
    assert.deepEqual(methods, ['OPTIONS', 'OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']);
  });

  test(`${scheme}: a wrong password is tried once`, async () => {
    await using camera = await startOddCamera({ login: { ...ANN, scheme } });
    const opening = relayTo(camera.url, { login: { ...ANN, password: 'daisy' } });
    const refused = { code: 'source-refused-login', message: /^Yard refused the user name or password/ };
    await assert.rejects(opening, refused);
    assert.equal(camera.wrongTries, 1);
    assert.equal(camera.connections, 1);
  });
}

test('a number that ran out is no wrong password, whenever it does', async () => {
  await using camera = await startOddCamera({ login: { ...ANN, scheme: 'digest', nonceLasts: 1 } });
  await using relay = await relayTo(camera.url, { login: ANN });
  using program = await Program.at(relay.url);
  await program.ask('DESCRIBE', relay.url);
  for (let i = 0; i < 3; i++) assert.equal((await program.ask('GET_PARAMETER', relay.url)).status, 200);
  assert.equal((await program.ask('PLAY', relay.url)).status, 200);
  assert.equal(camera.wrongTries, 0);
});

test('a camera that calls every answer stale is believed once', async () => {
  const question = 'RTSP/1.0 401 No\r\nWWW-Authenticate: Digest realm="r", nonce="N", stale=true\r\n\r\n';
  let nonce = 0;
  await using camera = await startOddCamera({ say: () => question.replace('"N"', `"${++nonce}"`) });
  await assert.rejects(relayTo(camera.url, { login: ANN }), { code: 'source-refused-login' });
  assert.equal(camera.requests.length, 3);
});

test('without a login, or for one of an unknown sort, the question itself is the answer', async () => {
  await using camera = await startOddCamera({ login: { ...ANN, scheme: 'basic' } });
  await assert.rejects(relayTo(camera.url), { code: 'source-refused-login', message: /Enter them/ });
  const say = (line: string) => () => `RTSP/1.0 401 No\r\nWWW-Authenticate: ${line}\r\n\r\n`;
  await using strange = await startOddCamera({ say: say('Negotiate') });
  await assert.rejects(relayTo(strange.url, { login: ANN }), { message: /Basic or Digest/ });
  await using newer = await startOddCamera({ say: say('Digest realm="r", nonce="1", algorithm=SHA-3') });
  await assert.rejects(relayTo(newer.url, { login: ANN }), { code: 'source-broken', message: /SHA-3/ });
});

test('a login that is revoked while the stream is set up is said', async () => {
  let isRevoked = false;
  const no = 'RTSP/1.0 401 No\r\nWWW-Authenticate: Basic realm="r"\r\n\r\n';
  await using camera = await startOddCamera({
    login: { ...ANN, scheme: 'basic' },
    say: () => (isRevoked ? no : undefined),
  });
  await using relay = await relayTo(camera.url, { login: ANN });
  using program = await Program.at(relay.url);
  await program.ask('DESCRIBE', relay.url);
  isRevoked = true;
  assert.equal((await program.ask('PLAY', relay.url)).status, 0);
  assert.equal(relay.failure?.code, 'source-refused-login');
  assert.equal(camera.requests.filter(({ method }) => method === 'PLAY').length, 1);
});

test('a login is never told to a place that a redirect leads to', async () => {
  await using other = await startOddCamera({ login: { ...ANN, scheme: 'basic' } });
  await using camera = await startOddCamera({
    say: () => `RTSP/1.0 302 Moved\r\nLocation: ${other.url.replace('//', '//eve:x@')}\r\n\r\n`,
  });
  const opening = relayTo(camera.url, { login: ANN });
  await assert.rejects(opening, {
    code: 'source-refused-login',
    message: /^Yard redirects to 127.0.0.1:\d+, which/,
  });
  assert.ok(other.requests.every(({ headers }) => headers['authorization'] === undefined));
  assert.equal(other.requests[0]?.url, other.url, 'a login in a redirect is left out');
});
