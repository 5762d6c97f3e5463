/** Live updates, by Server-Sent Events and by WebSocket: the same messages, numbered, replayed, and only for whom they are. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { ask, open } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { until } from '#test/fakes/until.ts';

interface Message {
  id: number;
  signal: string;
  payload: { missed?: boolean; state?: { sourceId: string; reason: string } };
}

async function twoCameras(t: TestContext) {
  const opened = await openWorld(t);
  await opened.world.addSource('cam1', { groups: ['yard'] });
  await opened.world.addSource('cam2', { groups: ['house'] });
  return opened;
}

/** Messages of an event stream, as they come. */
async function listen(t: TestContext, url: string, headers: Record<string, string> = ADMIN) {
  const response = await open(`${url}/api/live`, { headers });
  t.after(() => void response.destroy());
  const messages: Message[] = [];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      if (data) messages.push(JSON.parse(data) as Message);
      text = text.slice(end + 2);
    }
  });
  response.on('error', () => undefined);
  await until('hello is said', () => messages.length > 0 || response.statusCode !== 200);
  return { response, messages };
}

async function connect(t: TestContext, url: string, query = '', headers: Record<string, string> = ADMIN) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live${query}`, { headers });
  t.after(() => socket.terminate());
  const messages: Message[] = [];
  socket.on('message', data => messages.push(JSON.parse(String(data)) as Message));
  const refused = Promise.withResolvers<number>();
  socket.on('unexpected-response', (_request, response) => refused.resolve(response.statusCode ?? 0));
  socket.on('error', () => undefined);
  return { socket, messages, refused: refused.promise };
}

const reasons = (messages: Message[]) =>
  messages.filter(({ signal }) => signal === 'state.changed').map(({ payload }) => payload.state?.reason);

test('both ways say hello and tell the same, numbered alike', async t => {
  const { url, world } = await twoCameras(t);
  const sse = await listen(t, url);
  const ws = await connect(t, url);
  await until('hello is said', () => ws.messages.length > 0);
  world.changeState('cam1', { reason: 'Away' });
  await until('both are told', () => sse.messages.length === 2 && ws.messages.length === 2);
  assert.equal(sse.messages[0]?.signal, 'hello');
  assert.deepEqual(sse.messages[1], ws.messages[1]);
});

test('who comes back is told what was missed, or that it is too long ago', async t => {
  const { url, world } = await twoCameras(t);
  const first = await listen(t, url);
  world.changeState('cam1', { reason: 'one' });
  await until('it is told', () => first.messages.length === 2);
  first.response.destroy();
  world.changeState('cam1', { reason: 'two' });
  world.changeState('cam1', { reason: 'three' });
  const seen = first.messages.at(-1)?.id ?? 0;
  const again = await listen(t, url, { ...ADMIN, 'last-event-id': String(seen) });
  await until('both are told', () => reasons(again.messages).length === 2);
  assert.deepEqual(reasons(again.messages), ['two', 'three']);
  assert.equal(again.messages[0]?.payload.missed, false);
  const ws = await connect(t, url, `?after=${seen}`);
  await until('by WebSocket, too', () => reasons(ws.messages).length === 2);
  const late = await listen(t, url, { ...ADMIN, 'last-event-id': '1' });
  assert.equal(late.messages[0]?.payload.missed, true);
});

test('a viewer of one group is told of that group only', async t => {
  const { url, world } = await twoCameras(t);
  const key = { name: 'wall', role: 'viewer', groups: ['yard'] };
  const { secret } = (await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body: key })).json;
  const { messages } = await listen(t, url, { 'x-api-key': secret });
  world.changeState('cam2', { reason: 'hidden' });
  world.changeState('cam1', { reason: 'shown' });
  await until('one is told', () => reasons(messages).length > 0);
  assert.deepEqual(reasons(messages), ['shown']);
});

test('a key that is taken away ends what it opened', async t => {
  const { url, world } = await twoCameras(t);
  const body = { name: 'wall', role: 'viewer' };
  const { secret, key } = (await ask(`${url}/api/keys`, { method: 'POST', headers: ADMIN, body })).json;
  const { response } = await listen(t, url, { 'x-api-key': secret });
  const { socket, messages } = await connect(t, url, '', { 'x-api-key': secret });
  await until('hello is said', () => messages.length > 0);
  const ended = new Promise(resolve => response.once('close', resolve));
  const closed = Promise.all([ended, once(socket, 'close')]);
  await ask(`${url}/api/keys/${key.id}`, { method: 'DELETE', headers: ADMIN });
  await world.clock.advance(60_000);
  await closed;
});

test('nobody listens without a login, from another site, or at another address', async t => {
  const { url } = await twoCameras(t);
  assert.equal((await listen(t, url, {})).response.statusCode, 401);
  assert.equal(await (await connect(t, url, '', {})).refused, 401);
  const account = { name: 'Ann', password: 'a long password' };
  const body = { ...account, role: 'viewer' };
  await ask(`${url}/api/users`, { method: 'POST', headers: ADMIN, body });
  const login = await ask(`${url}/api/auth/login`, { method: 'POST', body: account });
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
  assert.equal(login.status, 200, login.text);
  const strange = { cookie, origin: 'https://evil.example' };
  assert.equal(await (await connect(t, url, '', strange)).refused, 403);
  const own = await connect(t, url, '', { cookie, origin: url });
  await until('our own page is let in', () => own.messages.length > 0);
  const elsewhere = new WebSocket(`${url.replace('http', 'ws')}/api/elsewhere`, { headers: ADMIN });
  elsewhere.on('error', () => undefined);
  const [, answer] = await once(elsewhere, 'unexpected-response');
  assert.equal(answer.statusCode, 404);
});

test('a client that talks too much is let go, and the others stay', async t => {
  const { url, world } = await twoCameras(t);
  const loud = await connect(t, url);
  const calm = await connect(t, url);
  await until('hello is said', () => loud.messages.length > 0 && calm.messages.length > 0);
  const closed = once(loud.socket, 'close');
  loud.socket.send('x'.repeat(100_000));
  await closed;
  world.changeState('cam1', { reason: 'still told' });
  await until('the other is told', () => reasons(calm.messages).includes('still told'));
});
