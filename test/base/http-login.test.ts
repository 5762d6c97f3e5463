import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { HttpLogin, splitLogin } from '#server/base/http-login.ts';
import { sourceContext } from '#test/fakes/source-context.ts';
import type { GuardOptions } from '#test/peers/http-guard.ts';
import { startStillCamera } from '#test/peers/still-camera.ts';

const ANN = { username: 'ann', password: 'tulip' };

/** A session that fetches and reads, and gives the status. */
async function sessionOf(login: { username: string; password: string } | undefined) {
  const run = await sourceContext();
  const { egress, signal } = run.context;
  const http = new HttpLogin('Yard', login);
  const rules = { protocols: ['http'], reach: 'lan' as const };
  return {
    async get(url: string): Promise<number> {
      const response = await http.fetch(egress, url, { rules, signal });
      await text(response.body);
      return response.status;
    },
    [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
  };
}

for (const scheme of ['basic', 'digest', 'digest-sha256'] as const satisfies Array<GuardOptions['scheme']>) {
  test(`${scheme}: one question, then every request is accepted at once`, async () => {
    await using camera = await startStillCamera({ login: { ...ANN, scheme } });
    await using session = await sessionOf(ANN);
    for (let i = 0; i < 3; i++) assert.equal(await session.get(camera.url), 200);
    assert.equal(camera.requests.length, 4);
    assert.equal(camera.requests[0]?.headers.authorization, undefined, 'nothing is told unasked');
    assert.equal(camera.wrongTries, 0);
  });

  test(`${scheme}: a wrong password is tried once`, async () => {
    await using camera = await startStillCamera({ login: { ...ANN, scheme } });
    await using session = await sessionOf({ ...ANN, password: 'daisy' });
    const refused = { code: 'source-refused-login', message: /^Yard refused the user name or password/ };
    await assert.rejects(session.get(camera.url), refused);
    assert.equal(camera.wrongTries, 1);
  });
}

test('a password that is changed on the camera is tried once more at most', async () => {
  const login = { ...ANN, scheme: 'basic' as const };
  await using camera = await startStillCamera({ login });
  await using session = await sessionOf(ANN);
  await session.get(camera.url);
  login.password = 'daisy';
  await assert.rejects(session.get(camera.url), { code: 'source-refused-login' });
  assert.equal(camera.wrongTries, 1);
});

test('a nonce that ran out is no wrong password', async () => {
  await using camera = await startStillCamera({ login: { ...ANN, scheme: 'digest', nonceLasts: 2 } });
  await using session = await sessionOf(ANN);
  for (let i = 0; i < 6; i++) assert.equal(await session.get(camera.url), 200);
  assert.equal(camera.wrongTries, 0);
});

test('without a login the question itself is the answer', async () => {
  await using camera = await startStillCamera({ login: { ...ANN, scheme: 'basic' } });
  await using session = await sessionOf(undefined);
  await assert.rejects(session.get(camera.url), { code: 'source-refused-login', message: /Enter them/ });
  await using forbidden = await startStillCamera({ status: 403 });
  await assert.rejects(session.get(forbidden.url), { code: 'source-refused-login', message: /403/ });
});

test('a login of an unknown sort is said', async () => {
  await using camera = await startStillCamera({ status: 401, headers: { 'WWW-Authenticate': 'Negotiate' } });
  await using session = await sessionOf(ANN);
  await assert.rejects(session.get(camera.url), { code: 'source-refused-login', message: /Basic or Digest/ });
});

test('a redirect on the same server is answered where it leads', async () => {
  await using camera = await startStillCamera({
    movedTo: '/new/place?x=1',
    login: { ...ANN, scheme: 'digest' },
  });
  await using session = await sessionOf(ANN);
  assert.equal(await session.get(camera.url), 200);
  assert.equal(await session.get(camera.url), 200);
});

test('a login is never told to a server that a redirect leads to', async () => {
  await using other = await startStillCamera({ login: { ...ANN, scheme: 'basic' } });
  await using camera = await startStillCamera({ movedTo: other.url });
  await using session = await sessionOf(ANN);
  await assert.rejects(session.get(camera.url), { code: 'source-refused-login', message: /redirects to/ });
  assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
});

test('a login is taken out of an address', () => {
  const { url, login } = splitLogin('rtsp://ann:tu%40lip@cam:554/x?y=@z', '', '');
  assert.equal(url, 'rtsp://cam:554/x?y=@z');
  assert.deepEqual(login, { username: 'ann', password: 'tu@lip' });
  assert.deepEqual(splitLogin('http://ann:p@ss@cam/', '', '').login, { username: 'ann', password: 'p@ss' });
  assert.deepEqual(splitLogin('http://ann:x@cam/', 'bea', 'y').login, { username: 'bea', password: 'y' });
  assert.deepEqual(splitLogin('http://cam/a@b', '', 'unused'), { url: 'http://cam/a@b', login: undefined });
  assert.equal(splitLogin('http://100%:%zz@cam/', '', '').login?.username, '100%');
});
