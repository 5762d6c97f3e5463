/** How the world reaches the hub: MQTT, HTTP and RTSP, handed what they need. */
import { join } from 'node:path';
import type { Teardown } from '#base/teardown.ts';
import { createHttpDoor, type HttpDoor } from '#doors/http/door.ts';
import type { HttpServices } from '#doors/http/services.ts';
import { createMqttDoor, type MqttDoor } from '#doors/mqtt/door.ts';
import { type Entities, loadEntities } from '#entities/kind.ts';
import { createMovieBook } from '#stages/movie/book.ts';
import { createGroupBook } from '#store/group-book.ts';
import type { Ground } from './ground.ts';
import { Readiness } from './readiness.ts';
import { RtspPlace } from './rtsp.ts';
import { changePreferences, type Stages } from './stages.ts';
import type { Tools } from './tools.ts';
import { VERSION } from './version.ts';

const BROKER_PASSWORD = 'mqtt-broker-password';

/** The doors. */
export interface Doors {
  http: HttpDoor;
  mqtt: MqttDoor;
  rtsp: RtspPlace;
  readiness: Readiness;
}

/** Makes the doors; neither listens yet. */
export async function makeDoors(
  ground: Ground,
  stages: Stages,
  tools: Tools,
  isDemo: boolean,
  teardown: Teardown,
): Promise<Doors> {
  const entities = await loadEntities(join(import.meta.dirname, '..', 'entities'));
  const mqtt = makeMqtt(ground, stages, entities);
  teardown.use('mqtt', mqtt);
  const rtsp: RtspPlace = new RtspPlace(ground, stages.streams, () => http);
  const readiness = makeReadiness(ground, stages, tools);
  const http: HttpDoor = await createHttpDoor({
    ...httpServices(ground, stages, tools, entities, mqtt, isDemo),
    rtspPort: () => rtsp.port,
    parts: () => readiness.read(),
  });
  teardown.use('http', http);
  teardown.use('rtsp', rtsp);
  return { http, mqtt, rtsp, readiness };
}

function makeMqtt(
  ground: Ground,
  { states, watch, commander, posted }: Stages,
  entities: Entities,
): MqttDoor {
  const { config, bus, clock, log, kinds, sources, secrets, settings, history } = ground;
  return createMqttDoor({
    ...{ config, bus, clock, log, kinds, sources, secrets, entities, states, commander },
    version: VERSION,
    watching: watch,
    posting: posted,
    settings: () => settings.current,
    passwords: {
      get: () => history.values.get(BROKER_PASSWORD),
      set: password => history.values.set(BROKER_PASSWORD, password),
    },
  });
}

function httpServices(
  ground: Ground,
  { states, watch, streams, renditions, keep, forget, ptz, discover, commander, posted, hardware }: Stages,
  tools: Tools,
  entities: Entities,
  mqtt: MqttDoor,
  isDemo: boolean,
): Omit<HttpServices, 'rtspPort' | 'parts'> {
  const { config, bus, clock, log, kinds, sources, secrets, settings, history, logLines, safety } = ground;
  return {
    ...{ config, bus, clock, log, kinds, sources, secrets, entities, states, commander, isDemo },
    ...{ ptz, discovery: discover },
    ...{ users: history.users, sessions: history.sessions, keys: history.keys, audit: history.audit },
    linkEpochs: history.linkEpochs,
    streamLogins: history.streamLogins,
    ...{ captures: history.captures, events: history.events },
    version: VERSION,
    uiFolder: join(import.meta.dirname, '..', '..', 'ui', 'dist'),
    groups: createGroupBook(settings),
    settings: {
      now: () => settings.current,
      changePreferences: change => changePreferences(ground, change),
      versions: () => settings.versions(),
      restore: async id => void (await settings.restore(id)),
    },
    watching: watch,
    nextAt: id => watch.nextAt(id),
    pictures: renditions,
    movies: createMovieBook({ media: streams, clock, log, nameOf: id => sources.find(id)?.name ?? id }),
    hasVideo: id => streams.hasMovie(id),
    posting: posted,
    files: {
      keep: (frame, reason) => keep.keep(frame, reason),
      storedBytes: () => keep.storedBytes(),
      read: capture => keep.read(capture),
      forget: capture => forget.remove([capture]),
    },
    logLines: () => logLines,
    safeMode: () => safety.mode,
    hardware,
    browser: tools.browser,
    builtInBroker: () => mqtt.builtIn,
  };
}

function makeReadiness(
  { dataFolder, history, safety }: Ground,
  { keep, states }: Stages,
  tools: Tools,
): Readiness {
  return new Readiness({
    history,
    checkFolder: () => dataFolder.check(),
    keepProblems: () => keep.problems(),
    hub: () => states.hub(),
    safeMode: () => safety.mode,
    programs: () => ({ ffmpeg: tools.ffmpeg.path, browser: tools.browser.path }),
  });
}
