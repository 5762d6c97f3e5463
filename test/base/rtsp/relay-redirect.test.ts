/** Redirects of a camera: followed by the relay through the guard, three at most, and never shown to the program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program, relayTo } from '#test/fakes/relay-bench.ts';
import { startOddCamera } from '#test/peers/odd-rtsp-camera.ts';

const moved = (location: string, status = 302) => `RTSP/1.0 ${status} Moved\r\nLocation: ${location}\r\n\r\n`;

/** A camera that redirects, on a machine whose other loopback addresses are closed. */
async function refusedFrom(location: string) {
  await using camera = await startOddCamera({ say: () => moved(location) });
  const policy = { allowLoopback: false, exceptions: [`127.0.0.1:${camera.port}`] };
  const error = await relayTo(camera.url, { policy }).then(
    () => assert.fail('the redirect was followed'),
    (thrown: Error & { code: string }) => thrown,
  );
  return [error.code, error.message] as const;
}

test('a redirect to this machine is refused in words, and nobody connects there', async () => {
  await using victim = await startOddCamera();
  const [code, sentence] = await refusedFrom(victim.url);
  assert.equal(code, 'address-refused');
  assert.match(sentence, /^Yard redirects to “rtsp:\/\/127\.0\.0\.1:\d+\/cam\?n=1”, which is not followed: /);
  assert.equal(victim.connections, 0);
});

for (const [what, location, expected] of [
  ['cloud metadata', 'rtsp://169.254.169.254/latest', 'address-refused'],
  ['cloud metadata in another spelling', 'rtsp://[::ffff:a9fe:a9fe]/latest', 'address-refused'],
  ['http', 'http://127.0.0.1:80/', 'url-refused'],
  ['a file', 'file:///etc/passwd', 'url-refused'],
  ['satip', 'satip://127.0.0.1/', 'url-refused'],
  ['an address with a space', 'rtsp://127.0.0.1/a b', 'url-refused'],
  ['nothing', '', 'source-broken'],
] as const) {
  test(`a redirect to ${what} is refused`, async () => {
    const [code, sentence] = await refusedFrom(location);
    assert.equal(code, expected);
    assert.match(sentence, /^Yard redirects to /);
  });
}

test('a camera on the internet leads nowhere into the own network', async () => {
  await using other = await startOddCamera();
  await using camera = await startOddCamera({ say: () => moved(other.url) });
  // An exception does not count as a part of the own network.
  const policy = { allowLoopback: true, exceptions: [`127.0.0.1:${camera.port}`] };
  await assert.rejects(relayTo(camera.url, { policy }), { code: 'address-refused' });
  assert.equal(other.connections, 0);
});

for (const method of ['OPTIONS', 'DESCRIBE']) {
  test(`a redirect of ${method} to another camera is followed, to the address that was checked`, async () => {
    await using other = await startOddCamera();
    const asked: string[] = [];
    await using camera = await startOddCamera({
      say: request =>
        request.method === method ? moved(`rtsp://other.test:${other.port}/b`, 301) : undefined,
    });
    await using relay = await relayTo(camera.url, {
      // The second answer for a name would lead elsewhere.
      lookup: async name => {
        asked.push(name);
        return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }];
      },
    });
    using program = await Program.at(relay.url);
    const { text } = await program.ask('DESCRIBE', relay.url);
    assert.match(text, /^RTSP\/1\.0 200 /);
    assert.doesNotMatch(text, /location|other\.test/i);
    assert.deepEqual(asked, ['other.test']);
    assert.equal(other.requests.at(-1)?.url, `rtsp://other.test:${other.port}/b`);
  });
}

test('a camera that redirects to itself is asked four times, and that is said', async () => {
  await using camera = await startOddCamera({ say: ({ url }) => moved(url) });
  const error = { code: 'source-broken', message: /^Yard redirects more than 3 times/ };
  await assert.rejects(relayTo(camera.url), error);
  assert.equal(camera.requests.length, 4);
});

test('three redirects are followed, to relative addresses too', async () => {
  await using camera = await startOddCamera({
    say: ({ url }) => (url.endsWith('/3') ? undefined : moved(`/${Number(/\d$/.exec(url)?.[0]) + 1}`)),
  });
  await using _relay = await relayTo(camera.url.replace(/cam.*/, '0'));
  assert.match(camera.requests.at(-1)?.url ?? '', /^rtsp:\/\/127\.0\.0\.1:\d+\/3$/);
});

for (const method of ['SETUP', 'PLAY']) {
  test(`a redirect of ${method} ends the run; the program hears nothing of it`, async () => {
    await using victim = await startOddCamera();
    await using camera = await startOddCamera({
      say: request => (request.method === method ? moved(victim.url) : undefined),
    });
    await using relay = await relayTo(camera.url);
    using program = await Program.at(relay.url);
    await program.ask('DESCRIBE', relay.url);
    assert.equal(
      (await program.ask(method, relay.url, ['Transport: RTP/AVP/TCP;interleaved=0-1'])).status,
      0,
    );
    assert.equal(relay.failure?.code, 'source-broken');
    assert.match(relay.failure.message, /redirects in the middle/);
    assert.deepEqual(program.heard, ['RTSP/1.0 200 OK']);
    assert.equal(victim.connections, 0);
  });
}

test('a camera that asks to go elsewhere while it plays ends the run', async () => {
  await using camera = await startOddCamera();
  await using relay = await relayTo(camera.url);
  using program = await Program.at(relay.url);
  await program.ask('PLAY', relay.url);
  camera.send(`REDIRECT ${camera.url} RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:9/\r\n\r\n`);
  assert.equal((await program.ask('GET_PARAMETER', relay.url)).status, 0);
  assert.equal(relay.failure?.code, 'source-ended');
  assert.deepEqual(program.heard, ['RTSP/1.0 200 OK']);
});
