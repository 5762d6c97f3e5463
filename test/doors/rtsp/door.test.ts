/** The RTSP door by the book: who gets in, which answers there are, what a session is. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { FakeClock } from '#test/fakes/clock.ts';
import { ANN, BOB, EVE, openRtspWorld, unitOf } from '#test/fakes/rtsp-world.ts';
import { until } from '#test/fakes/until.ts';
import { RtspCaller, sessionId } from '#test/peers/rtsp-caller.ts';

const TCP = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };

test('OPTIONS needs no login and says what there is', async () => {
  await using world = await openRtspWorld();
  using caller = await RtspCaller.open(world.door.port);
  const { status, headers } = await caller.say('OPTIONS', world.url('yard'));
  assert.equal(status, 200);
  assert.equal(
    headers['public'],
    'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER',
  );
});

test('both Digests and Basic are offered, MD5 as the last Digest, and each lets in', async () => {
  await using world = await openRtspWorld();
  world.feed('yard');
  for (const scheme of ['SHA-256', 'MD5', 'basic'] as const) {
    using caller = await RtspCaller.open(world.door.port);
    const asked = await caller.say('DESCRIBE', world.url('yard'));
    assert.equal(asked.status, 401);
    assert.deepEqual(
      caller.challenges.map(({ scheme: name, fields }) => fields['algorithm'] ?? name),
      ['SHA-256', 'MD5', 'basic'],
    );
    const answer = await caller.say('DESCRIBE', world.url('yard'), { login: ANN, scheme });
    assert.equal(answer.status, 200, scheme);
    assert.match(answer.body, /a=rtpmap:96 H264\/90000\r\na=fmtp:96 .*\r\na=control:trackID=0\r\n/);
    assert.equal(answer.headers['content-base'], `${world.url('yard')}/`);
    assert.equal(answer.headers['content-type'], 'application/sdp');
  }
});

test('a password that is slow to check is checked once on a connection', async () => {
  await using world = await openRtspWorld();
  world.feed('yard');
  using caller = await RtspCaller.open(world.door.port);
  for (let i = 0; i < 3; i++) {
    await caller.must('DESCRIBE', world.url('yard'), { login: EVE, scheme: 'basic' });
  }
  assert.equal(world.logins.slowChecks, 1);
  assert.deepEqual([...world.logins.askedFrom], ['127.0.0.1'], 'guesses count for who guesses alone');
});

test('every request is checked: without a login and with a wrong one SETUP, PLAY and the rest are refused', async () => {
  const clock = new FakeClock();
  await using world = await openRtspWorld(clock);
  world.feed('yard');
  using caller = await RtspCaller.open(world.door.port);
  const url = world.url('yard');
  await caller.say('DESCRIBE', url);
  const wrong = { ...ANN, password: 'wrong' };
  const inTime = async <T>(answer: Promise<T>): Promise<T> => {
    let isSettled = false;
    void answer.finally(() => {
      isSettled = true;
    });
    await until('the answer is there', async () => {
      await clock.advance(1000);
      return isSettled;
    });
    return answer;
  };
  const isRefused = async (method: string, headers: Record<string, string>) => {
    assert.equal((await caller.say(method, url, { headers })).status, 401, method);
    for (const scheme of ['MD5', 'SHA-256', 'basic'] as const) {
      const saidMs = clock.monotonic();
      const answer = await inTime(caller.say(method, url, { headers, login: wrong, scheme }));
      assert.ok(clock.monotonic() - saidMs >= 250, 'not at once');
      assert.equal(answer.status, 401, `${method} ${scheme}`);
    }
  };
  await isRefused('DESCRIBE', {});
  await isRefused('SETUP', TCP);
  const setUp = await inTime(caller.must('SETUP', `${url}/trackID=0`, { headers: TCP, login: ANN }));
  const session = { Session: sessionId(setUp) };
  for (const method of ['PLAY', 'PAUSE', 'GET_PARAMETER', 'SET_PARAMETER', 'TEARDOWN']) {
    await isRefused(method, session);
  }
  await inTime(caller.must('PLAY', url, { headers: session, login: ANN }));
});

test('an answer that was made for another stream or heard on another connection is worth nothing', async () => {
  await using world = await openRtspWorld();
  world.feed('yard');
  world.feed('door');
  using heard = await RtspCaller.open(world.door.port);
  await heard.say('DESCRIBE', world.url('yard'));
  using caller = await RtspCaller.open(world.door.port);
  caller.challenges = heard.challenges;
  const replayed = await caller.say('DESCRIBE', world.url('yard'), { login: ANN });
  assert.equal(replayed.status, 401);
  assert.match(replayed.headers['www-authenticate'] ?? '', /stale=true/);
});

test('a stream that is not there looks like one that may not be seen, and like nothing without a login', async () => {
  await using world = await openRtspWorld();
  world.feed('yard');
  world.feed('door');
  using caller = await RtspCaller.open(world.door.port);
  for (const path of ['door', 'nowhere']) {
    assert.equal((await caller.say('DESCRIBE', world.url(path))).status, 401);
    assert.equal((await caller.say('DESCRIBE', world.url(path), { login: BOB })).status, 404);
  }
  assert.equal((await caller.say('DESCRIBE', world.url('yard/'), { login: BOB })).status, 200);
  assert.equal((await caller.say('DESCRIBE', world.url('yard?a=b'), { login: BOB })).status, 200);
});

test('states: 454, 455, 459, 461 and 501', async () => {
  await using world = await openRtspWorld();
  const stream = world.feed('yard');
  stream.push(unitOf(true, 0));
  using caller = await RtspCaller.open(world.door.port);
  const url = world.url('yard');
  await caller.say('DESCRIBE', url);
  const say = async (method: string, headers: Record<string, string> = {}, target = url) =>
    (await caller.say(method, target, { headers, login: ANN })).status;
  assert.equal(await say('PLAY'), 455);
  assert.equal(await say('PLAY', { Session: 'nobody' }), 454);
  assert.equal(await say('SETUP', { ...TCP, Session: 'nobody' }), 454);
  assert.equal(await say('RECORD'), 501);
  assert.equal(await say('ANNOUNCE'), 501);
  assert.equal(await say('SETUP', { Transport: 'RTP/AVP;multicast' }), 461);
  assert.equal(await say('SETUP', TCP, `${url}/trackID=7`), 404);
  const setUp = await caller.must('SETUP', `${url}/trackID=0`, { headers: TCP, login: ANN });
  assert.match(setUp.headers['session'] ?? '', /^[0-9a-f]{16};timeout=60$/);
  assert.match(setUp.headers['transport'] ?? '', /^RTP\/AVP\/TCP;unicast;interleaved=0-1;ssrc=[0-9A-F]{8}$/);
  const session = { Session: sessionId(setUp) };
  assert.equal(await say('PAUSE', session), 455);
  assert.equal(await say('PLAY', { Session: 'nobody' }), 454);
  assert.equal(await say('PLAY', session), 200);
  assert.equal(await say('SETUP', { ...TCP, ...session }, `${url}/trackID=0`), 455);
  for (const method of ['GET_PARAMETER', 'SET_PARAMETER', 'OPTIONS']) {
    assert.equal(await say(method, session), 200);
  }
  assert.equal(await say('GET_PARAMETER', { Session: 'nobody' }), 454);
  assert.equal(await say('PAUSE', session), 200);
  assert.equal(await say('PLAY', session), 200);
  assert.equal(await say('TEARDOWN', session), 200);
  assert.equal(await say('PLAY', session), 454);
});

test('play begins at the cached key unit, says so in RTP-Info, and goes on without a gap after a pause', async () => {
  await using world = await openRtspWorld();
  const stream = world.feed('yard');
  stream.push(unitOf(false, 100));
  stream.push(unitOf(true, 3100, 500, 3));
  stream.push(unitOf(false, 6100));
  using caller = await RtspCaller.open(world.door.port);
  caller.keepsPayloads = true;
  const url = world.url('yard');
  await caller.say('DESCRIBE', url);
  const setUp = await caller.must('SETUP', `${url}/trackID=0`, { headers: TCP, login: ANN });
  const session = { Session: sessionId(setUp) };
  const play = await caller.must('PLAY', url, { headers: session, login: ANN });
  const video = caller.on(0);
  await until('the cache has come', () => video.packets === 4);
  assert.equal(video.payloads[0]?.[0], 0x65);
  const [, rtpTime] = /rtptime=(\d+)/.exec(play.headers['rtp-info'] ?? '') ?? [];
  assert.deepEqual(video.times, [Number(rtpTime), Number(rtpTime) + 3000]);
  const [, ssrc = ''] = /ssrc=(\w+)/.exec(setUp.headers['transport'] ?? '') ?? [];
  assert.deepEqual([...video.ssrcs], [Number.parseInt(ssrc, 16)]);
  await caller.must('PAUSE', url, { headers: session, login: ANN });
  stream.push(unitOf(false, 9100));
  stream.push(unitOf(true, 12_100, 200, 1, 90));
  await caller.must('PLAY', url, { headers: session, login: ANN });
  await until('it goes on', () => video.packets === 5);
  assert.equal(video.lost, 0);
  assert.equal(video.ssrcs.size, 1);
  assert.ok((video.times[2] ?? 0) > (video.times[1] ?? 0));
});

test('a stream that comes back goes on for its players; one with other tracks ends them', async () => {
  await using world = await openRtspWorld();
  const first = world.feed('yard');
  first.push(unitOf(true, 1000, 200, 1, 0));
  using caller = await RtspCaller.open(world.door.port);
  await caller.play(world.url('yard'), ANN);
  const video = caller.on(0);
  await until('it plays', () => video.packets === 1);
  const second = world.feed('yard');
  second.push(unitOf(true, 777_000_000, 200, 1, 2000));
  first.end();
  await until('it goes on', () => video.packets === 2);
  second.push(unitOf(false, 777_003_000, 200, 1, 2033));
  await until('and on', () => video.packets === 3);
  const [a = 0, b = 0, c = 0] = video.times;
  assert.deepEqual([b - a, c - b, video.lost, video.ssrcs.size], [180_000, 3000, 0, 1]);
  world.feed('yard', [{ ...second.tracks[0], codec: 'H265' } as (typeof second.tracks)[0] & object]);
  second.end();
  await until('it ends', () => caller.isClosed);
  assert.equal(caller.on(1).payloads.at(-1)?.at(-7), 203, 'the last word is the goodbye');
  await until('nothing is held', () => world.media.held === 0 && world.door.figures().clients === 0);
});

test('UDP: packets go to who asked from the announced port, reports keep the session, silence ends it', async () => {
  const clock = new FakeClock();
  await using world = await openRtspWorld(clock);
  const stream = world.feed('yard');
  const [media, reports] = [createSocket('udp4'), createSocket('udp4')];
  media.bind(0, '127.0.0.1');
  await once(media, 'listening');
  reports.bind(0, '127.0.0.1');
  await once(reports, 'listening');
  const came: number[] = [];
  media.on('message', (_packet, { port }) => came.push(port));
  const bytes: Buffer[] = [];
  reports.on('message', packet => bytes.push(packet));
  using caller = await RtspCaller.open(world.door.port);
  const url = world.url('yard');
  await caller.say('DESCRIBE', url);
  const ports = `${media.address().port}-${reports.address().port}`;
  const Transport = `RTP/AVP;multicast,RTP/AVP;unicast;destination=192.0.2.1;client_port=${ports}`;
  const setUp = await caller.must('SETUP', `${url}/trackID=0`, { headers: { Transport }, login: ANN });
  const [, from, to] = /server_port=(\d+)-(\d+)/.exec(setUp.headers['transport'] ?? '') ?? [];
  assert.equal(Number(to), Number(from) + 1);
  const session = { Session: sessionId(setUp) };
  await caller.must('PLAY', url, { headers: session, login: ANN });
  stream.push(unitOf(true, 0, 1000, 40));
  await until('all packets are there, some after a while', async () => {
    await clock.advance(2);
    return came.length === 40;
  });
  assert.ok(came.every(port => port === Number(from)));
  await until('a sender report', () => bytes.length > 0);
  const report = Buffer.alloc(32);
  report.writeUInt32BE(0x81c90007, 0);
  report.write(/ssrc=(\w+)/.exec(setUp.headers['transport'] ?? '')?.[1] ?? '', 8, 'hex');
  for (let i = 0; i < 4; i++) {
    await clock.advance(40_000);
    const told = bytes.length;
    reports.send(report, Number(to), '127.0.0.1');
    // Loopback keeps the order: what comes back after the report was read is later.
    await until('the clock was told', async () => {
      await clock.advance(5000);
      return bytes.length > told;
    });
  }
  assert.equal(caller.isClosed, false);
  await clock.advance(65_000);
  await until('silence ends it', () => caller.isClosed);
  await until('a goodbye', () => bytes.some(packet => packet.at(-7) === 203));
  media.close();
  reports.close();
});
