/** Every topic that we use, in one place. */
import { GlimpserError } from '#base/errors.ts';
import { SOURCE_ID } from '#model/source.ts';

/** Topics of one source. */
export interface SourceTopics {
  availability: string;
  state: string;
  event: string;
  image: string;
  preview: string;
  /** Topic of an entity that has one of its own. */
  value(key: string): string;
  command(key: string): string;
}

/** Topics of a hub. */
export interface Topics {
  base: string;
  bridge: {
    state: string;
    info: string;
    health: string;
    sources: string;
    request(verb: string): string;
    response(verb: string): string;
  };
  source(id: string): SourceTopics;
  /** Identifier of the hub's device, or of a source's. */
  deviceId(sourceId?: string): string;
  config(sourceId?: string): string;
  /** What to subscribe to for commands. */
  commands: readonly string[];
  /** What to subscribe to for the discovery messages of every device there is. */
  everyConfig: string;
  /** Where Home Assistant tells that it started. */
  births: readonly string[];
  /** True when a discovery topic belongs to this hub; `sourceId` is unset for the hub's own device. */
  readConfig(topic: string): { isOurs: boolean; sourceId?: string };
  readCommand(topic: string): ReadCommand | undefined;
}

/** What a command topic asks for. */
export type ReadCommand = { sourceId: string; key: string } | { verb: string };

/** Attributes travel beside the value. */
export function attributesOf(stateTopic: string): string {
  return `${stateTopic}/attributes`;
}

/** Makes the topics of a hub. */
export function createTopics(base: string, prefix: string, instance: string): Topics {
  const bridge = (part: string) => `${base}/bridge/${part}`;
  const hubId = `glimpser_${instance}`;
  const deviceId = (sourceId?: string) => (sourceId === undefined ? hubId : `${hubId}_${sourceId}`);
  return {
    base,
    bridge: {
      state: bridge('state'),
      info: bridge('info'),
      health: bridge('health'),
      sources: bridge('sources'),
      request: verb => safe(bridge(`request/${verb}`)),
      response: verb => safe(bridge(`response/${verb}`)),
    },
    source: id => sourceTopics(`${base}/${id}`),
    deviceId,
    config: sourceId => safe(`${prefix}/device/${deviceId(sourceId)}/config`),
    commands: [`${base}/+/+/set`, `${base}/bridge/request/+`],
    everyConfig: `${prefix}/device/+/config`,
    births: [...new Set(['homeassistant/status', `${prefix}/status`])],
    readConfig: topic => readConfig(topic, prefix, hubId),
    readCommand: topic => readCommand(topic, base),
  };
}

function sourceTopics(root: string): SourceTopics {
  const at = (part: string) => safe(`${root}/${part}`);
  return {
    availability: at('availability'),
    state: at('state'),
    event: at('event'),
    image: at('image'),
    preview: at('preview'),
    value: at,
    command: key => at(`${key}/set`),
  };
}

/** Publishing to a topic with a wildcard would end the connection. */
function safe(topic: string): string {
  if (!/[+#\0]/.test(topic)) return topic;
  throw new GlimpserError('internal', `“${topic}” cannot be an MQTT topic: it holds + or #.`);
}

function readConfig(topic: string, prefix: string, hubId: string): { isOurs: boolean; sourceId?: string } {
  const device = between(topic, `${prefix}/device/`, '/config');
  if (device === hubId) return { isOurs: true };
  const sourceId = device?.startsWith(`${hubId}_`) ? device.slice(hubId.length + 1) : '';
  return SOURCE_ID.test(sourceId) ? { isOurs: true, sourceId } : { isOurs: false };
}

function readCommand(topic: string, base: string): ReadCommand | undefined {
  const verb = between(topic, `${base}/bridge/request/`, '');
  if (verb !== undefined) return { verb };
  const [sourceId, key, ...rest] = between(topic, `${base}/`, '/set')?.split('/') ?? [];
  if (sourceId === undefined || key === undefined || rest.length > 0) return undefined;
  return { sourceId, key };
}

function between(text: string, start: string, end: string): string | undefined {
  if (!text.startsWith(start) || !text.endsWith(end)) return undefined;
  return text.length < start.length + end.length
    ? undefined
    : text.slice(start.length, text.length - end.length);
}
