import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { createEgress, type EgressPolicy } from '#server/base/egress.ts';
import type { EgressRequest, EgressResponse } from '#server/base/egress-fetch.ts';
import type { Lookup } from '#server/base/egress-names.ts';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';

const rules = { protocols: ['http', 'https'], reach: 'lan' } as const;

function guard(context: TestContext, policy: Partial<EgressPolicy> = {}, lookup?: Lookup) {
  const whole = {
    allowLoopback: true,
    websitesMayReachLan: true,
    exceptions: [],
    ownPorts: () => [],
    ...policy,
  };
  const egress = createEgress({
    policy: () => whole,
    clock: systemClock,
    log: silentLog,
    connectMs: 2000,
    ...(lookup && { lookup }),
  });
  context.after(() => egress[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  const get = (url: string, request: Partial<EgressRequest> = {}) =>
    egress.fetch(url, { rules, signal, ...request });
  return { egress, get };
}

async function site(context: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  return listen(context, server);
}

async function listen(context: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function text(response: EgressResponse): Promise<string> {
  return Buffer.concat(await response.body.toArray()).toString();
}

async function failure(promise: Promise<unknown>, code: string): Promise<string> {
  const error = await promise.then(
    () => assert.fail('did not fail'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GlimpserError, String(error));
  assert.equal(error.code, code, error.message);
  return error.message;
}

describe('fetching', () => {
  test('gives status, headers, body and the final address', async t => {
    const { get } = guard(t);
    const base = await site(t, (request, answer) => {
      answer.writeHead(201, { 'x-method': request.method });
      request.pipe(answer);
    });
    const response = await get(`${base}/a?b=c`, { method: 'POST', body: 'hello' });
    assert.equal(response.status, 201);
    assert.equal(response.headers['x-method'], 'POST');
    assert.equal(response.finalUrl, `${base}/a?b=c`);
    assert.equal(await text(response), 'hello');
  });

  test('keeps the name for Host and uses a connection again', async t => {
    const { get } = guard(t, {}, () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
    const hosts: (string | undefined)[] = [];
    const ports = new Set<number | undefined>();
    const base = await site(t, (request, answer) => {
      hosts.push(request.headers.host);
      ports.add(request.socket.remotePort);
      answer.end('ok');
    });
    const { port } = new URL(base);
    for (let i = 0; i < 6; i++) await text(await get(`http://cam.test:${port}/`));
    assert.deepEqual(new Set(hosts), new Set([`cam.test:${port}`]));
    assert.ok(ports.size < 6, `${ports.size} connections`);
  });

  test('an IPv4-mapped address is opened in its plain form', async t => {
    const { get } = guard(t);
    const base = await site(t, (_request, answer) => answer.end('mapped'));
    assert.equal(await text(await get(base.replace('127.0.0.1', '[::ffff:127.0.0.1]'))), 'mapped');
  });

  test('sends the login of the address, and shows it nowhere', async t => {
    const { get } = guard(t);
    const base = await site(t, (request, answer) => answer.end(request.headers.authorization));
    const response = await get(base.replace('//', '//me:p%40ss@'));
    assert.equal(await text(response), `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    assert.doesNotMatch(response.finalUrl, /me|p%40ss/);
  });
});

describe('a name that changes its answer', () => {
  test('is connected to the address that was checked, not to the next answer', async t => {
    const answers = ['127.0.0.1', '169.254.169.254'];
    const asked: string[] = [];
    const { get } = guard(t, {}, host => {
      asked.push(host);
      return Promise.resolve([{ address: answers.shift() ?? '169.254.169.254', family: 4 }]);
    });
    const base = await site(t, (_request, answer) => answer.end('checked'));
    assert.equal(await text(await get(`http://rebind.test:${new URL(base).port}/`)), 'checked');
    assert.deepEqual(asked, ['rebind.test']);
  });

  test('does not get the old connection after it points elsewhere', async t => {
    let address = '127.0.0.1';
    let now = 0;
    const reached: string[] = [];
    const server = createServer((request, answer) => {
      reached.push(request.socket.localAddress ?? '');
      answer.end('ok');
    });
    await listen(t, server);
    const { port } = server.address() as AddressInfo;
    const egress = createEgress({
      policy: () => ({ allowLoopback: true, websitesMayReachLan: true, exceptions: [], ownPorts: () => [] }),
      clock: { ...systemClock, monotonic: () => now },
      log: silentLog,
      lookup: () => Promise.resolve([{ address, family: 4 }]),
    });
    t.after(() => egress[Symbol.asyncDispose]());
    const request = { rules, signal: new AbortController().signal };
    await text(await egress.fetch(`http://moves.test:${port}/`, request));
    [address, now] = ['169.254.169.254', 20_000];
    await failure(egress.fetch(`http://moves.test:${port}/`, request), 'address-refused');
    assert.deepEqual(reached, ['127.0.0.1']);
  });
});

describe('redirects', () => {
  test('to a login that nobody can decode are said in words', async context => {
    const url: string = await site(context, (_request, response) => {
      response.writeHead(302, { location: `${url.replace('://', '://me:100%@')}/next` }).end();
    });
    const sentence = await failure(guard(context).get(url), 'source-broken');
    assert.match(sentence, /^The address at 127\.0\.0\.1:\d+ holds .* %25/);
    assert.doesNotMatch(sentence, /100%/);
  });

  const to = (location: string, status = 302): RequestListener => {
    return (_request, answer) => void answer.writeHead(status, { location }).end('moved');
  };

  test('are followed, relative ones too', async t => {
    const { get } = guard(t);
    const base = await site(t, (request, answer) => {
      if (request.url === '/start') return to('/end')(request, answer);
      answer.end(`${request.method} ${request.url}`);
    });
    const response = await get(`${base}/start`);
    assert.equal(await text(response), 'GET /end');
    assert.equal(response.finalUrl, `${base}/end`);
  });

  test('into the metadata range, to loopback and to other schemes are refused', async t => {
    const { port } = new URL(await site(t, (_request, answer) => answer.end('internal')));
    for (const [location, code] of [
      ['http://169.254.169.254/latest/meta-data', 'address-refused'],
      [`http://127.0.0.1:${port}/`, 'address-refused'],
      [`http://[::ffff:127.0.0.1]:${port}/`, 'address-refused'],
      ['file:///etc/passwd', 'url-refused'],
    ] as const) {
      const base = await site(t, to(location));
      const { get } = guard(t, { allowLoopback: false, exceptions: [new URL(base).host] });
      await failure(get(base), code);
    }
  });

  test('lead from the internet to nothing in the own network, from the own network anywhere', async t => {
    const reached: string[] = [];
    const router = await site(t, (_request, answer) => answer.end(reached.push('router')));
    const far = await site(t, (request, answer) =>
      to(request.url === '/own' ? '/end' : router)(request, answer),
    );
    const end = await site(t, (_request, answer) => answer.end('end'));
    const near = await site(t, (request, answer) => to(request.url === '/end' ? end : far)(request, answer));
    const { get } = guard(t, { exceptions: [new URL(far).host] });
    assert.match(await failure(get(far), 'address-refused'), /may not reach into your network/);
    await failure(get(near), 'address-refused');
    assert.deepEqual(reached, []);
    const answer = await get(`${near}/end`);
    assert.deepEqual([await text(answer), answer.onward.reach], ['end', 'lan']);
  });

  test('end after five', async t => {
    const { get } = guard(t);
    let asked = 0;
    const base = await site(t, (request, answer) => {
      asked++;
      to('/again')(request, answer);
    });
    assert.match(await failure(get(base), 'source-broken'), /more than 5 times/);
    assert.equal(asked, 6);
  });

  test('take credentials along only inside the same origin', async t => {
    const { get } = guard(t);
    const seen: object[] = [];
    const note: RequestListener = (request, answer) => {
      const { authorization, cookie } = request.headers;
      seen.push({ authorization, cookie, other: request.headers['x-other'] });
      answer.end();
    };
    const elsewhere = await site(t, note);
    const base = await site(t, (request, answer) => {
      if (request.url === '/away') to(elsewhere)(request, answer);
      else if (request.url === '/stay') to('/here')(request, answer);
      else note(request, answer);
    });
    const headers = { Authorization: 'Bearer abc', Cookie: 'a=b', 'X-Other': 'c' };
    await text(await get(`${base}/stay`, { headers }));
    await text(await get(`${base}/away`, { headers }));
    await text(await get(`${base.replace('//', '//me:pw@')}/away`));
    assert.deepEqual(seen, [
      { authorization: 'Bearer abc', cookie: 'a=b', other: 'c' },
      { authorization: undefined, cookie: undefined, other: 'c' },
      { authorization: undefined, cookie: undefined, other: undefined },
    ]);
  });

  test('turn a POST into a GET, except 307 and 308', async t => {
    const { get } = guard(t);
    const base = await site(t, (request, answer) => {
      const status = Number(request.url?.slice(1));
      if (status) return to('/end', status)(request, answer);
      answer.write(`${request.method} `);
      request.pipe(answer);
    });
    const post = async (status: number) =>
      text(await get(`${base}/${status}`, { method: 'POST', body: 'x' }));
    assert.equal(await post(302), 'GET ');
    assert.equal(await post(303), 'GET ');
    assert.equal(await post(307), 'POST x');
  });
});

describe('what goes wrong', () => {
  test('too large a body, announced or not', async t => {
    const { get } = guard(t);
    const base = await site(t, (request, answer) => {
      if (request.url === '/announced') answer.setHeader('content-length', 50_000);
      answer.write(Buffer.alloc(25_000));
      answer.end(Buffer.alloc(25_000));
    });
    await failure(get(`${base}/announced`, { maxBytes: 30_000 }), 'body-too-large');
    const open = await get(base, { maxBytes: 30_000, tooLargeCode: 'picture-too-large' });
    assert.match(await failure(text(open), 'picture-too-large'), /more than 30 kB/);
    assert.equal((await text(await get(base, { maxBytes: 50_000 }))).length, 50_000);
  });

  test('nobody listens', async t => {
    const { get } = guard(t);
    assert.match(await failure(get('http://127.0.0.1:9/'), 'source-unreachable'), /127\.0\.0\.1:9 refuses/);
  });

  test('an answer that never begins, and one that stops in the middle', async t => {
    const { get } = guard(t);
    const base = await site(t, (request, answer) => {
      if (request.url === '/half') answer.writeHead(200, { 'content-length': 10 }).write('12345');
    });
    await failure(get(base, { headersMs: 100 }), 'source-silent');
    await failure(text(await get(`${base}/half`, { idleMs: 100 })), 'source-silent');
  });

  test('a connection that is cut, and something that is not HTTP', async t => {
    const { get } = guard(t);
    const tcp = createTcpServer(socket => socket.once('data', () => socket.end('SSH-2.0-hello\r\n')));
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    t.after(() => tcp.close());
    await failure(get(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}/`), 'source-broken');
    const base = await site(t, request => request.socket.destroy());
    await failure(get(base), 'source-ended');
  });

  test('an abort ends the wait, and the body', async t => {
    const { egress } = guard(t);
    const base = await site(t, (request, answer) => {
      if (request.url === '/body') answer.write('first');
    });
    const wait = new AbortController();
    const answer = egress.fetch(base, { rules, signal: wait.signal });
    setImmediate(() => wait.abort());
    await assert.rejects(answer, { name: 'AbortError' });
    const stream = new AbortController();
    const { body } = await egress.fetch(`${base}/body`, { rules, signal: stream.signal });
    await assert.rejects(
      async () => {
        for await (const chunk of body) {
          assert.equal(String(chunk), 'first');
          stream.abort();
        }
      },
      { name: 'AbortError' },
    );
  });

  test('leaving the body early closes the connection', async t => {
    const { get } = guard(t);
    const closed = Promise.withResolvers<void>();
    const base = await site(t, (_request, answer) => {
      answer.write('x');
      answer.on('close', closed.resolve);
    });
    for await (const _chunk of (await get(base)).body) break;
    await closed.promise;
  });
});
