/** Puts the parts of the MQTT door together: what each reads, and where it writes. */
import type { Clock } from '#base/clock.ts';
import { durationMs } from '#base/duration.ts';
import type { Log } from '#base/log.ts';
import type { Entities } from '#entities/kind.ts';
import type { Commander } from '#model/command.ts';
import type { Config } from '#model/config.ts';
import type { PictureType } from '#model/frame.ts';
import type { Posting } from '#model/posting.ts';
import type { KindCatalog, SourceBook, StateBook, Watching } from '#model/services.ts';
import type { Settings } from '#model/settings.ts';
import type { Source } from '#model/source.ts';
import { type Announcement, Announcer } from './announce.ts';
import { type Answer, createCommandReader } from './commands.ts';
import type { Message } from './connection.ts';
import { hubMessage, sourceMessage } from './discovery.ts';
import { Events } from './events.ts';
import { Images, type ImageTarget } from './images.ts';
import { Mirror } from './mirror.ts';
import { Publisher } from './publish.ts';
import { Refusals } from './refusals.ts';
import { createTopics, type Topics } from './topics.ts';

const IMAGE_EVERY_MS = 10_000;

/** What the parts are given. */
export interface AssemblyServices {
  config: Pick<Config, 'MQTT_BASE_TOPIC' | 'MQTT_DISCOVERY_PREFIX' | 'PUBLIC_URL'>;
  version: string;
  settings(): Settings;
  entities: Entities;
  kinds: Pick<KindCatalog, 'find'>;
  sources: Pick<SourceBook, 'list' | 'find' | 'get'>;
  states: Pick<StateBook, 'of' | 'hub'>;
  watching: Pick<Watching, 'latest'>;
  commander: Commander;
  posting: Posting;
  clock: Clock;
  log: Log;
}

/** The parts, ready to be connected. */
export interface Assembly extends Disposable {
  topics: Topics;
  mirror: Mirror;
  publisher: Publisher;
  images: Images;
  announcer: Announcer;
  events: Events;
  refusals: Refusals;
  readCommand(message: Message): Promise<void>;
  /** Formats of the newest pictures, by source. */
  pictureTypes: Map<string, PictureType>;
}

/** What the parts tell to whoever holds the connection. */
export interface AssemblyTells {
  answer(answer: Answer): void;
  /** What the broker does not let us do now, in sentences. */
  refused(sentences: string[]): void;
}

/** Makes the parts. */
export function assemble(services: AssemblyServices, { answer, refused }: AssemblyTells): Assembly {
  const { config, settings, entities, sources, clock, log, commander, posting } = services;
  const topics = createTopics(config.MQTT_BASE_TOPIC, config.MQTT_DISCOVERY_PREFIX, settings().instance);
  const mqtt = () => settings().preferences.mqtt;
  const everyMs = () => durationMs(mqtt().imageEvery) ?? IMAGE_EVERY_MS;
  const pictureTypes = new Map<string, PictureType>();
  const refusals = new Refusals({ clock, log, changed: refused });
  const mirror = new Mirror({ log, refusals });
  const publisher = new Publisher({ ...services, topics, mirror, figuresEveryMs: everyMs });
  const familyOf = (source: Source) => publisher.familyOf(source.kind);
  const images = new Images({
    ...services,
    preferences: () => ({ ...mqtt(), isRetained: mqtt().retainImages, everyMs: everyMs() }),
    targetsOf: frame => imageTargets(topics, sources.find(frame.sourceId), familyOf, frame.type),
  });
  const announcer = new Announcer({
    wanted: () => (mqtt().discovery ? announcements(services, topics, publisher, pictureTypes) : []),
    refusals,
    clock,
    log,
  });
  const events = new Events({
    entities,
    familyOf: id => {
      const source = sources.find(id);
      return source && familyOf(source);
    },
    topicOf: id => topics.source(id).event,
    stateSent: id => {
      publisher.source(id);
      return mirror.settled(topics.source(id).availability);
    },
    refusals,
    log,
  });
  const viewOf = (id: string) => publisher.viewOf(sources.get(id));
  const readCommand = createCommandReader({ topics, entities, viewOf, commander, posting, answer });
  const stop = () => {
    publisher[Symbol.dispose]();
    images[Symbol.dispose]();
    announcer[Symbol.dispose]();
    refusals[Symbol.dispose]();
  };
  const parts = { topics, mirror, publisher, images, announcer, events, refusals, readCommand, pictureTypes };
  return { ...parts, [Symbol.dispose]: stop };
}

/** A camera's pictures are sent as JPEG, the only format that Home Assistant shows for a camera. */
function imageTargets(
  topics: Topics,
  source: Source | undefined,
  familyOf: (source: Source) => 'camera' | 'website',
  type: PictureType,
): ImageTarget[] {
  if (!source) return [];
  const { image, preview } = topics.source(source.id);
  if (familyOf(source) === 'camera') return [{ topic: image, as: 'image/jpeg' }];
  return type === 'image/jpeg'
    ? [{ topic: image }]
    : [{ topic: image }, { topic: preview, as: 'image/jpeg' }];
}

function announcements(
  { config, version, entities, sources, states }: AssemblyServices,
  topics: Topics,
  publisher: Pick<Publisher, 'viewOf'>,
  pictureTypes: ReadonlyMap<string, PictureType>,
): Announcement[] {
  const state = states.hub();
  const hubEntities = new Map([...entities.hub].filter(([, entity]) => entity.isFor?.(state) ?? true));
  const facts = {
    ...{ topics, version, publicUrl: config.PUBLIC_URL },
    entities: { ...entities, hub: hubEntities },
  };
  const hub = { topic: topics.config(), message: hubMessage(facts, state.name) };
  const devices = sources.list().map(source => {
    const pictureType = pictureTypes.get(source.id) ?? 'image/jpeg';
    const found = { ...publisher.viewOf(source), pictureType };
    return { topic: topics.config(source.id), message: sourceMessage(facts, found) };
  });
  return [hub, ...devices];
}
