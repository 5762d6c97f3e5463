/** Discovery messages: exactly what Home Assistant is told, and by its rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiscoveredSource, hubMessage, sourceMessage } from '#server/doors/mqtt/discovery.ts';
import { createTopics } from '#server/doors/mqtt/topics.ts';
import { sourceTexts } from '#server/doors/mqtt/values.ts';
import { loadEntities } from '#server/entities/kind.ts';
import { sourceSchema } from '#server/model/source.ts';
import { initialState } from '#server/model/state.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { blockedAttributes, checkDiscovery } from '#test/fakes/discovery-checker.ts';
import { MqttWorld } from '#test/fakes/mqtt-world.ts';
import { REPOSITORY } from '#test/house/repository.ts';
import golden from './discovery.golden.json' with { type: 'json' };

const topics = createTopics('glimpser', 'homeassistant', 'k3m9q2');
const entities = await loadEntities(`${REPOSITORY}/server/entities`);
const facts = { topics, entities, version: '1.2.3', publicUrl: 'https://hub.example/glimpser/' };

function discovered(id: string, more: Partial<DiscoveredSource> & { name: string }): DiscoveredSource {
  const { name, ...rest } = more;
  const kind = rest.family === 'website' ? 'website' : 'rtsp';
  return {
    source: sourceSchema.parse({ id, name, kind, schedule: '30s' }),
    state: initialState(id, true, '2026-01-01T00:00:00.000Z'),
    family: 'camera',
    hasVideo: kind === 'rtsp',
    pictureType: 'image/jpeg',
    ...rest,
  };
}

const porch = discovered('prch', { name: 'Porch' });
const news = discovered('news', { name: 'News page', family: 'website', pictureType: 'image/png' });
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('hub, camera and website are announced exactly as they should be', () => {
  const messages = {
    [topics.config()]: hubMessage(facts, 'Glimpser'),
    [topics.config('prch')]: sourceMessage(facts, porch),
    [topics.config('news')]: sourceMessage(facts, news),
  };
  assert.deepEqual(plain(messages), golden);
});

test('every message keeps the rules of Home Assistant', () => {
  const sources = [
    porch,
    news,
    discovered('duz1', { name: '門' }),
    discovered('duz2', { name: 'Ærø – Süd ß' }),
  ];
  const messages = new Map<string, unknown>([[topics.config(), hubMessage(facts, 'Haus & Hof')]]);
  for (const found of sources) messages.set(topics.config(found.source.id), sourceMessage(facts, found));
  assert.deepEqual(checkDiscovery(messages), []);
});

test('the checker finds what Home Assistant would refuse', () => {
  const broken = plain(golden) as Record<string, Record<string, unknown>>;
  const [topic, hub] = Object.entries(broken)[0] ?? assert.fail();
  const components = hub['components'] as Record<string, Record<string, unknown>>;
  hub['json_attributes_topic'] = 'not/here';
  components['version'] = { ...components['version'], entity_category: 'config', state_topic: undefined };
  components['memory'] = { ...components['memory'], unit_of_measurement: 'cows', object_id: 'old' };
  components['started'] = { ...components['started'], unique_id: components['memory']['unique_id'] };
  components['restart'] = { ...components['restart'], default_entity_id: 'restart' };
  const findings = checkDiscovery(new Map([[topic, hub]])).join('\n');
  const expected = [
    /unknown root key json_attributes_topic/,
    /version: state_topic is missing/,
    /category config/,
  ];
  expected.push(/unit cows/, /unknown key object_id/, /used twice/, /restart: default_entity_id/);
  for (const finding of expected) assert.match(findings, finding);
});

test('a website that sends JPEG has no second picture for its camera', () => {
  const { components } = sourceMessage(facts, { ...news, pictureType: 'image/jpeg' });
  assert.equal(components['camera']?.['topic'], 'glimpser/news/image');
  assert.equal(components['screenshot']?.['content_type'], 'image/jpeg');
});

test('an interval that Home Assistant cannot show is not announced', () => {
  for (const schedule of ['live', '500ms', '2d', { cron: '0 7 * * *', timezone: 'UTC' }]) {
    const source = sourceSchema.parse({ ...porch.source, schedule });
    assert.equal('interval' in sourceMessage(facts, { ...porch, source }).components, false);
  }
});

test('a bit rate is announced only for kinds that give video', () => {
  assert.ok('bit_rate' in sourceMessage(facts, porch).components);
  assert.equal('bit_rate' in sourceMessage(facts, { ...porch, hasVideo: false }).components, false);
});

test('without a public address devices have no link', () => {
  const { device } = hubMessage({ ...facts, publicUrl: undefined }, 'Glimpser');
  assert.equal('configuration_url' in device, false);
});

test('each component finds its value where its topic says', () => {
  for (const found of [porch, news]) {
    const texts = sourceTexts(found, found.family, entities, topics);
    for (const [key, component] of Object.entries(sourceMessage(facts, found).components)) {
      const topic = component['state_topic'] as string | undefined;
      if (topic === undefined || component.platform === 'event') continue;
      const text = texts.get(topic);
      assert.ok(text !== undefined, `${key}: nothing is published on ${topic}`);
      const field = /value_json\.(\w+)/.exec(String(component['value_template']))?.[1];
      if (field) assert.ok(field in JSON.parse(text), `${key}: ${field} is not in ${text}`);
    }
  }
});

test('attributes have no name that Home Assistant drops, and no two entities share their topic', () => {
  const hub = new MqttWorld(new FakeClock()).hub();
  const all = [
    ...[...entities.hub.values()].map(entity => entity.attributes?.(hub)),
    ...[...entities.camera.values()].map(entity => entity.attributes?.(porch)),
    ...[...entities.website.values()].map(entity => entity.attributes?.(news)),
  ];
  for (const attributes of all) assert.deepEqual(blockedAttributes(attributes ?? {}), []);
  for (const message of [
    hubMessage(facts, 'Glimpser'),
    sourceMessage(facts, porch),
    sourceMessage(facts, news),
  ]) {
    const used = Object.values(message.components).flatMap(
      component => component['json_attributes_topic'] ?? [],
    );
    assert.equal(new Set(used).size, used.length);
  }
});

test('a camera that tells motion and can be moved has a sensor and its own positions to choose from', () => {
  const presets = [{ id: '1', name: 'Gate' }];
  const ptz = { canTurn: true, canZoom: true, presets, at: '1' };
  const found = { ...porch, state: { ...porch.state, triggers: { motion: true }, ptz } };
  const message = sourceMessage(facts, found);
  assert.deepEqual(message.components['ptz_preset']?.['options'], ['Gate']);
  assert.equal(message.components['camera_motion']?.['device_class'], 'motion');
  assert.deepEqual(checkDiscovery(new Map([[topics.config('prch'), message]])), []);
  const texts = sourceTexts(found, 'camera', entities, topics);
  assert.equal(texts.get('glimpser/prch/ptz_preset'), 'Gate');
  assert.equal(texts.get('glimpser/prch/camera_motion'), 'ON');
});
