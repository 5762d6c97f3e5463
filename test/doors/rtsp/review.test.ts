/** Whoever may play no longer is shown out while they play, and nobody else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '#test/fakes/clock.ts';
import { ANN, BOB, EVE, openRtspWorld, type RtspWorld, unitOf } from '#test/fakes/rtsp-world.ts';
import { until } from '#test/fakes/until.ts';
import { RtspCaller, sessionId } from '#test/peers/rtsp-caller.ts';

const TCP = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };

async function playing(world: RtspWorld, login: typeof ANN, path = 'yard'): Promise<RtspCaller> {
  const caller = await RtspCaller.open(world.door.port);
  await caller.play(world.url(path), login);
  return caller;
}

/** Eve's password is only good for Basic. */
async function playingByBasic(world: RtspWorld): Promise<RtspCaller> {
  const caller = await RtspCaller.open(world.door.port);
  const url = world.url('yard');
  const withEve = (headers: Record<string, string> = {}) => ({
    login: EVE,
    scheme: 'basic' as const,
    headers,
  });
  await caller.must('DESCRIBE', url, withEve());
  const setUp = await caller.must('SETUP', `${url}/trackID=0`, withEve(TCP));
  await caller.must('PLAY', url, withEve({ Session: sessionId(setUp) }));
  return caller;
}

async function goesOn(world: RtspWorld, caller: RtspCaller): Promise<void> {
  const before = caller.on(0).packets;
  const stream = world.media.streams.get('yard') as ReturnType<RtspWorld['feed']>;
  stream.push(unitOf(true, 90_000));
  await until('it goes on', () => caller.on(0).packets > before);
  assert.equal(caller.isClosed, false);
}

test('a login that is withdrawn ends what it plays at once, with a goodbye, and no other', async () => {
  await using world = await openRtspWorld();
  world.feed('yard').push(unitOf(true, 0));
  using ann = await playing(world, ANN);
  using bob = await playing(world, BOB);
  using eve = await playingByBasic(world);
  await world.door.review();
  for (const caller of [ann, bob, eve]) await goesOn(world, caller);
  world.logins.withdrawn.add('bob');
  await world.door.review();
  await until('bob is out', () => bob.isClosed);
  assert.equal(bob.on(1).payloads.at(-1)?.at(-7), 203, 'the last word is the goodbye');
  world.logins.withdrawn.add('eve');
  await world.door.review();
  await until('eve is out', () => eve.isClosed);
  await goesOn(world, ann);
  assert.deepEqual([world.door.figures().clients, world.media.held], [1, 1]);
});

test('what somebody may see no longer ends, and so does a source that is switched off', async () => {
  await using world = await openRtspWorld();
  world.feed('yard').push(unitOf(true, 0));
  using ann = await playing(world, ANN);
  using bob = await playing(world, BOB);
  world.logins.seenByBob.clear();
  await world.door.review();
  await until('bob is out', () => bob.isClosed);
  await goesOn(world, ann);
  world.off.add('yard');
  await world.door.review();
  await until('ann is out', () => ann.isClosed);
  assert.deepEqual([world.door.figures().clients, world.media.held], [0, 0]);
});

test('a stream that was only asked about is let go, and what nobody tells the door is noticed within seconds', async () => {
  const clock = new FakeClock();
  await using world = await openRtspWorld(clock);
  world.feed('yard').push(unitOf(true, 0));
  using bob = await RtspCaller.open(world.door.port);
  await bob.say('DESCRIBE', world.url('yard'));
  await bob.must('DESCRIBE', world.url('yard'), { login: BOB });
  assert.equal(world.media.held, 1);
  world.logins.withdrawn.add('bob');
  await clock.advance(5000);
  await until('bob is out', () => bob.isClosed);
  assert.equal(world.media.held, 0);
});
