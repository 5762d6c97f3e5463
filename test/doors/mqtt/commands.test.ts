/** Commands over MQTT: what they do, and what is said when they are wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { type Answer, createCommandReader } from '#server/doors/mqtt/commands.ts';
import { createTopics } from '#server/doors/mqtt/topics.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';

function setUp() {
  const world = new MqttWorld(new FakeClock());
  const { commander, entities, posting, sources } = world.services({});
  const answers: Answer[] = [];
  world.addSource('s7f3');
  const read = createCommandReader({
    topics: createTopics('home/glimpser', 'homeassistant', 'a1b2c3'),
    entities,
    viewOf: id => ({
      source: sources.get(id),
      state: world.state(id),
      hasVideo: true,
      family: 'camera',
    }),
    commander,
    posting,
    answer: answer => void answers.push(answer),
  });
  const send = async (topic: string, payload: string | Buffer, isRetained = false) => {
    await read({ topic: `home/glimpser/${topic}`, payload: Buffer.from(payload), isRetained });
    return answers.at(-1);
  };
  return { world, answers, read, send, commands: () => world.commands.map(({ command }) => command) };
}

test('an entity is set by its topic', async () => {
  const { send, commands } = setUp();
  const answer = await send('s7f3/interval/set', '30');
  assert.deepEqual(answer, {
    verb: 'set',
    body: { status: 'ok', data: { source: 's7f3', key: 'interval' } },
  });
  await send('s7f3/enabled/set', 'OFF');
  await send('s7f3/snapshot/set', 'PRESS');
  await send('s7f3/reconnect/set', 'PRESS');
  const sourceId = 's7f3';
  assert.deepEqual(commands(), [
    { do: 'set-interval', sourceId, ms: 30_000 },
    { do: 'enable', sourceId, isEnabled: false },
    { do: 'capture', sourceId },
    { do: 'reconnect', sourceId },
  ]);
});

test('pictures are handed on as they are; only what is refused is answered, and what was retained is left out', async () => {
  const { world, answers, send } = setUp();
  const image = Buffer.alloc(100_000, 0xff);
  await send('s7f3/frames/set', image);
  await send('s7f3/frames/set', image, true);
  assert.deepEqual(
    world.posted.map(({ sourceId, image: { length } }) => [sourceId, length]),
    [['s7f3', 100_000]],
  );
  assert.equal(answers.length, 0);
  world.failure = new GlimpserError('picture-invalid', 'This is text, not a JPEG, PNG or WebP picture.');
  const answer = await send('s7f3/frames/set', 'hello');
  assert.equal(answer?.body.error, 'This is text, not a JPEG, PNG or WebP picture.');
});

test('the hub takes requests as JSON and echoes the transaction', async () => {
  const { send, commands } = setUp();
  const answer = await send('bridge/request/options', '{"options":{"log_level":"debug"},"transaction":7}');
  const data = { options: { log_level: 'debug' } };
  assert.deepEqual(answer, { verb: 'options', body: { status: 'ok', data, transaction: 7 } });
  await send('bridge/request/pause', '{"paused":false}');
  await send('bridge/request/restart', '');
  assert.deepEqual(commands(), [
    { do: 'set-log-level', level: 'debug' },
    { do: 'pause', isPaused: false },
    { do: 'restart-hub' },
  ]);
});

test('whatever is wrong changes nothing and gets a sentence', async () => {
  const { send, commands } = setUp();
  const wrong: Array<[topic: string, payload: string, sentence: RegExp]> = [
    ['s7f3/interval/set', '0', /from 1 to 86400/],
    ['s7f3/interval/set', '1e9', /from 1 to 86400/],
    ['s7f3/enabled/set', 'maybe', /ON or OFF/],
    ['s7f3/snapshot/set', '', /PRESS/],
    ['s7f3/status/set', 'ok', /nothing to set named “status”/],
    ['s7f3/nothing/set', 'ON', /nothing to set/],
    ['nope/enabled/set', 'ON', /no source “nope”/],
    ['s7f3/enabled/set', 'x'.repeat(5000), /4096 bytes/],
    ['bridge/request/pause', 'ON', /JSON object/],
    ['bridge/request/pause', '[true]', /JSON object/],
    ['bridge/request/pause', '{}', /needs paused/],
    ['bridge/request/pause', '{"paused":"perhaps"}', /ON or OFF/],
    ['bridge/request/pause', '{"paused":true,"now":1}', /does not know “now”/],
    ['bridge/request/options', '{"log_level":"debug"}', /does not know “log_level”/],
    ['bridge/request/options', '{"options":{"log_level":"loud"}}', /debug, info/],
    ['bridge/request/options', '{"options":{"paused":true}}', /does not know “paused”/],
    ['bridge/request/restart', '{"hard":true}', /does not know “hard”/],
    ['bridge/request/fly', '{}', /no request “fly”.*pause/],
  ];
  for (const [topic, payload, sentence] of wrong) {
    const answer = await send(topic, payload);
    assert.equal(answer?.body.status, 'error', topic);
    assert.match(answer?.body.error ?? '', sentence);
  }
  assert.deepEqual(commands(), []);
});

test('the answer to a strange verb goes to a topic that is safe', async () => {
  const { send } = setUp();
  assert.equal((await send('bridge/request/ÄÖ Ü', '{}'))?.verb, 'unknown');
});

test('a retained command and a topic that is none are not even answered', async () => {
  const { answers, send } = setUp();
  await send('s7f3/snapshot/set', 'PRESS', true);
  await send('bridge/request/restart', '{}', true);
  await send('s7f3/a/b/set', 'PRESS');
  await send('bridge/state', 'online');
  assert.deepEqual(answers, []);
});

test('what fails is answered without credentials', async () => {
  const { world, send } = setUp();
  world.failure = new GlimpserError('source-unreachable', 'rtsp://me:secret@cam/ does not answer.');
  const answer = await send('s7f3/snapshot/set', 'PRESS');
  assert.equal(answer?.body.error, 'rtsp://***@cam/ does not answer.');
});

test('a flood of commands is refused, not queued', async () => {
  const { answers, read, commands } = setUp();
  const topic = 'home/glimpser/s7f3/snapshot/set';
  const flood = Array.from({ length: 50 }, () =>
    read({ topic, payload: Buffer.from('PRESS'), isRetained: false }),
  );
  await Promise.all(flood);
  assert.equal(commands().length, 20);
  assert.equal(answers.filter(({ body }) => /Too many/.test(body.error ?? '')).length, 30);
});
