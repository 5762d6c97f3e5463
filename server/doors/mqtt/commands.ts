/** Reads what people send: to an entity's topic, or as a JSON request to the hub. Each gets an answer in words. */
import { z } from 'zod';
import { asGlimpserError, GlimpserError } from '#base/errors.ts';
import { redact } from '#base/redact.ts';
import type { Entities, HubEntity } from '#entities/kind.ts';
import type { Command, Commander } from '#model/command.ts';
import type { SourceView } from '#model/entity.ts';
import type { Posting } from '#model/posting.ts';
import type { Message } from './connection.ts';
import type { Topics } from './topics.ts';

const MAX_PAYLOAD_BYTES = 4096;
const MAX_IN_FLIGHT = 20;
const WHO = 'mqtt';
/** Not an entity: pictures are sent to it, as they are. */
const FRAMES = 'frames';

/** An answer on the response topic. */
export interface Answer {
  verb: string;
  body: { status: 'ok' | 'error'; data: object; error?: string; transaction?: string | number };
}

/** What commands are read with. */
export interface CommandsParts {
  topics: Topics;
  entities: Entities;
  /** Throws `not-found`. */
  viewOf(sourceId: string): SourceView & { family: 'camera' | 'website' };
  commander: Commander;
  posting: Posting;
  answer(answer: Answer): void;
}

const requestSchema = z.looseObject({
  transaction: z.union([z.string().max(200), z.number()]).optional(),
});
const optionsSchema = z.record(z.string(), z.unknown());

/** Makes the reader of commands. Never rejects. */
export function createCommandReader(parts: CommandsParts): (message: Message) => Promise<void> {
  let inFlight = 0;
  return async ({ topic, payload, isRetained }) => {
    const asked = parts.topics.readCommand(topic);
    // A retained command would be carried out again at each connect.
    if (!asked || isRetained) return;
    if ('key' in asked && asked.key === FRAMES) return takePicture(parts, asked.sourceId, payload);
    const isBusy = inFlight >= MAX_IN_FLIGHT;
    inFlight++;
    try {
      if ('verb' in asked) await answerRequest(parts, asked.verb, () => textOf(payload, isBusy));
      else await answerSet(parts, asked, () => textOf(payload, isBusy));
    } finally {
      inFlight--;
    }
  };
}

/** Only what is refused is answered: pictures come often. */
function takePicture({ posting, answer }: CommandsParts, sourceId: string, image: Buffer): void {
  try {
    posting.post(sourceId, image);
  } catch (thrown) {
    const data = { source: sourceId.slice(0, 40), key: FRAMES };
    answer({ verb: 'set', body: { status: 'error', data, error: redact(asGlimpserError(thrown).message) } });
  }
}

function textOf(payload: Buffer, isBusy: boolean): string {
  if (isBusy) throw new GlimpserError('too-many-requests', 'Too many commands at once. Send fewer.');
  if (payload.length <= MAX_PAYLOAD_BYTES) return payload.toString('utf8');
  throw new GlimpserError(
    'body-too-large',
    `A command may have ${MAX_PAYLOAD_BYTES} bytes, not ${payload.length}.`,
  );
}

async function answerSet(
  parts: CommandsParts,
  { sourceId, key }: { sourceId: string; key: string },
  text: () => string,
): Promise<void> {
  const data = { source: sourceId.slice(0, 40), key: key.slice(0, 40) };
  await answering(parts, { verb: 'set', body: { status: 'ok', data } }, () => {
    const view = parts.viewOf(sourceId);
    const entity = parts.entities[view.family].get(key);
    const isKnown = entity?.write && (entity.isFor?.(view) ?? true);
    if (!isKnown || !entity.write)
      throw notFound(`“${view.source.name}” has nothing to set named “${data.key}”.`);
    return [entity.write(text(), view)];
  });
}

async function answerRequest(parts: CommandsParts, verb: string, text: () => string): Promise<void> {
  const isWord = /^[a-z0-9_-]{1,40}$/.test(verb);
  const answer: Answer = { verb: isWord ? verb : 'unknown', body: { status: 'ok', data: {} } };
  await answering(parts, answer, () => {
    const entities = [...parts.entities.hub].filter(([, entity]) => entity.request === verb);
    if (entities.length === 0) throw notFound(unknownVerb(verb, parts.entities));
    const { transaction, ...request } = readRequest(text());
    if (transaction !== undefined) answer.body.transaction = transaction;
    answer.body.data = request;
    return readCommands(new Map(entities), verb, request);
  });
}

async function answering(parts: CommandsParts, answer: Answer, read: () => Command[]): Promise<void> {
  const { body } = answer;
  try {
    for (const command of read()) await parts.commander(command, WHO);
  } catch (thrown) {
    body.status = 'error';
    body.error = redact(asGlimpserError(thrown).message);
  }
  parts.answer(answer);
}

function readRequest(text: string): z.output<typeof requestSchema> {
  const request = requestSchema.safeParse(text.trim() === '' ? {} : parseJson(text));
  if (request.success) return request.data;
  throw new GlimpserError('body-invalid', 'A request is a JSON object, such as {"paused":true}.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `options` holds several settings; every other request is one entity's. All is read before anything is done. */
function readCommands(
  entities: Map<string, HubEntity>,
  verb: string,
  request: Record<string, unknown>,
): Command[] {
  const [[onlyKey, only]] = [...entities] as [[string, HubEntity]];
  if (only.platform === 'button') {
    refuseUnknown(request, []);
    return writeTo(only, onlyKey, 'PRESS');
  }
  const { options, ...rest } = request;
  const values = verb === 'options' ? optionsSchema.safeParse(options).data : request;
  if (verb === 'options') refuseUnknown(rest, []);
  const byField = new Map([...entities].map(([key, entity]) => [entity.field ?? key, { key, entity }]));
  if (!values || Object.keys(values).length === 0) {
    throw new GlimpserError(
      'body-invalid',
      `The request “${verb}” needs ${[...byField.keys()].join(' or ')}.`,
    );
  }
  refuseUnknown(values, [...byField.keys()]);
  return Object.entries(values).flatMap(([field, value]) => {
    const found = byField.get(field);
    return found ? writeTo(found.entity, found.key, writtenValue(value)) : [];
  });
}

function writeTo(entity: HubEntity, key: string, value: string): Command[] {
  if (!entity.write) throw notFound(`“${key}” cannot be set.`);
  return [entity.write(value)];
}

function writtenValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'ON' : 'OFF';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function refuseUnknown(given: object, known: string[]): void {
  const unknown = Object.keys(given).find(key => !known.includes(key));
  if (unknown === undefined) return;
  const advice = known.length === 0 ? 'It takes none.' : `Known: ${known.join(', ')}.`;
  throw new GlimpserError('body-invalid', `The request does not know “${unknown.slice(0, 40)}”. ${advice}`);
}

function unknownVerb(verb: string, entities: Entities): string {
  const verbs = [...new Set([...entities.hub.values()].flatMap(entity => entity.request ?? []))];
  return `There is no request “${verb.slice(0, 40)}”. There are: ${verbs.join(', ')}.`;
}

function notFound(sentence: string): GlimpserError {
  return new GlimpserError('not-found', sentence);
}
