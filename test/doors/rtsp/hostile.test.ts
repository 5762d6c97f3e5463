/** Who sends garbage, takes nothing, comes a thousand times or dies hurts nobody else. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '#test/fakes/clock.ts';
import { ANN, openRtspWorld, unitOf } from '#test/fakes/rtsp-world.ts';
import { until } from '#test/fakes/until.ts';
import { RtspCaller } from '#test/peers/rtsp-caller.ts';

/** Sends bytes and waits for the end; answers what came before it. */
async function shout(port: number, ...pieces: Array<string | Buffer>): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket
    .on('error', () => undefined)
    .on('data', chunk => {
      text += chunk;
    });
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  await once(socket, 'close');
  return text;
}

test('garbage, huge heads, huge bodies and other protocols are answered and cut off', async () => {
  await using world = await openRtspWorld();
  const { port } = world.door;
  assert.match(await shout(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), /^RTSP\/1\.0 400 /);
  assert.match(
    await shout(port, 'OPTIONS * RTSP/2.0\r\nCSeq: 7\r\n\r\n'),
    /^RTSP\/1\.0 505 .*\r\nCSeq: 7\r\n/,
  );
  assert.match(await shout(port, 'OPTIONS * RTSP/1.0\r\n\r\n'), /^RTSP\/1\.0 400 /);
  assert.match(await shout(port, 'OPTIONS * RTSP/1.0\r\nno header\r\n\r\n'), /^RTSP\/1\.0 400 /);
  assert.match(await shout(port, Buffer.alloc(20_000, 'x')), /^RTSP\/1\.0 413 /);
  const large = 'SET_PARAMETER * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: ';
  assert.match(await shout(port, `${large}65537\r\n\r\n`), /^RTSP\/1\.0 413 /);
  assert.match(await shout(port, `${large}-1\r\n\r\n`), /^RTSP\/1\.0 400 /);
  assert.match(
    await shout(port, 'OPTIONS * RTSP/1.0\r\n', Buffer.alloc(17_000, 'a: b\r\n')),
    /^RTSP\/1\.0 413 /,
  );
  const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)).map(byte => byte || 1));
  noise[0] = 0x41;
  noise.write('\r\n\r\n', 100);
  assert.match(await shout(port, noise), /^RTSP\/1\.0 400 /);
  await until('all are gone', () => world.door.figures().connections === 0);
});

test('requests that arrive byte by byte, and many at once, are answered in order', async () => {
  await using world = await openRtspWorld();
  const socket = connect(world.door.port, '127.0.0.1').setNoDelay(true);
  let text = '';
  socket.on('data', chunk => {
    text += chunk;
  });
  for (const byte of 'OPTIONS * RTSP/1.0\r\ncseq : 1\r\n\r\n') {
    socket.write(byte);
    await new Promise(setImmediate);
  }
  const two = ['DESCRIBE rtsp://a/b RTSP/1.0\r\nCSeq: 2\r\n\r\n', 'OPTIONS * RTSP/1.0\r\nCSeq: 3\r\n\r\n'];
  socket.write(`$\x01\x00\x03abc${two.join('')}`);
  await until('three answers', () => text.match(/^CSeq: \d/gm)?.length === 3);
  assert.deepEqual(text.match(/^RTSP\/1\.0 \d+|^CSeq: \d/gm), [
    ...['RTSP/1.0 200', 'CSeq: 1', 'RTSP/1.0 401', 'CSeq: 2', 'RTSP/1.0 200', 'CSeq: 3'],
  ]);
  socket.destroy();
});

test('half a request, and silence, are waited for only so long', async () => {
  const clock = new FakeClock();
  await using world = await openRtspWorld(clock);
  const half = shout(world.door.port, 'DESCRIBE rtsp://a/b RTSP/1.0\r\nCSeq: ');
  const silent = shout(world.door.port);
  await until('both are there', () => world.door.figures().connections === 2);
  await clock.advance(30_000);
  await Promise.all([half, silent]);
});

test('a thousand connections leave room for nobody but themselves, and the rest is turned away', async () => {
  await using world = await openRtspWorld();
  world.feed('yard').push(unitOf(true, 0));
  const sockets: Socket[] = [];
  for (let i = 0; i < 1000; i++) {
    const socket = connect(world.door.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
  }
  await until('the rest is turned away', () => world.door.figures().refused === 1000 - 128);
  assert.equal(world.door.figures().connections, 128);
  for (const socket of sockets) socket.destroy();
  await until('all are gone', () => world.door.figures().connections === 0);
  using caller = await RtspCaller.open(world.door.port);
  await caller.play(world.url('yard'), ANN);
});

test('a client that is slow loses whole groups and goes on at a key unit; another one loses nothing', async () => {
  await using world = await openRtspWorld();
  const stream = world.feed('yard');
  stream.push(unitOf(true, 0));
  using slow = await RtspCaller.open(world.door.port);
  using healthy = await RtspCaller.open(world.door.port);
  await slow.play(world.url('yard'), ANN);
  await healthy.play(world.url('yard'), ANN);
  const kinds: Array<{ time: number; isKey: boolean }> = [];
  slow.onPacket = (channel, packet) => {
    if (channel === 0) kinds.push({ time: packet.readUInt32BE(4), isKey: packet[12] === 0x65 });
  };
  slow.socket.pause();
  let units = 1;
  const next = () => stream.push(unitOf(units % 10 === 0, units++ * 3000, 1300, 40));
  await until('groups are dropped', async () => {
    for (let i = 0; i < 10; i++) next();
    await new Promise(setImmediate);
    return world.door.figures().droppedGroups > 3;
  });
  slow.socket.resume();
  await until('it goes on', () => {
    next();
    return kinds.slice(1).some(({ time, isKey }, i) => isKey && time - (kinds[i]?.time ?? 0) > 3000);
  });
  const jumps = kinds.slice(1).filter(({ time }, i) => time - (kinds[i]?.time ?? 0) > 3000);
  assert.ok(jumps.every(({ isKey }) => isKey));
  assert.equal(slow.on(0).lost, 0);
  await until('the other one has everything', () => healthy.on(0).times.length === units);
  assert.equal(healthy.on(0).lost, 0);
  assert.equal(world.media.dropped, world.door.figures().droppedGroups, 'its source is told of each');
});

test('a client that takes nothing for ten seconds is cut off', async () => {
  const clock = new FakeClock();
  await using world = await openRtspWorld(clock);
  const stream = world.feed('yard');
  stream.push(unitOf(true, 0));
  using stuck = await RtspCaller.open(world.door.port);
  await stuck.play(world.url('yard'), ANN);
  stuck.socket.pause();
  let units = 1;
  await until('it is cut off', async () => {
    for (let i = 0; i < 30; i++) {
      stream.push(unitOf(units % 10 === 0, units++ * 3000, 1300, 40, clock.monotonic()));
    }
    if (world.door.figures().droppedGroups > 0) await clock.advance(2500);
    return world.door.figures().connections === 0;
  });
});

test('a publisher that is killed and one that comes after it are one stream to a player', async () => {
  await using world = await openRtspWorld();
  const first = await world.push('yard');
  using caller = await RtspCaller.open(world.door.port);
  await caller.play(world.url('yard'), ANN);
  const video = caller.on(0);
  await until('it plays', () => video.times.length > 5);
  world.media.streams.delete('yard');
  process.kill(first.pid ?? 0, 'SIGKILL');
  await first.exited;
  await using _second = await world.push('yard', { pattern: 'testsrc' });
  const before = video.times.length;
  await until('it goes on', () => video.times.length > before + 5);
  assert.equal(video.lost, 0);
  assert.equal(video.ssrcs.size, 1);
  assert.ok(video.times.every((time, i) => i === 0 || time > (video.times[i - 1] ?? 0)));
});

test('an address to push to works once, and only to push', async () => {
  await using world = await openRtspWorld();
  const publication = world.inside.publish();
  using caller = await RtspCaller.open(world.inside.port);
  assert.equal((await caller.say('DESCRIBE', publication.url)).status, 404);
  assert.equal((await caller.say('ANNOUNCE', `${publication.url}x`)).status, 404);
  assert.equal((await caller.say('ANNOUNCE', publication.url)).status, 415);
  using other = await RtspCaller.open(world.inside.port);
  assert.equal((await other.say('ANNOUNCE', publication.url)).status, 404);
  publication[Symbol.dispose]();
  await assert.rejects(publication.stream, { code: 'source-ended' });
  await until('its connection is closed', () => caller.isClosed);
});
