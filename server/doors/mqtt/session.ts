/** What is said over each new connection, in order: who we are, how everything stands, what it looks like. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError, isAbort, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { SourceBook } from '#model/services.ts';
import type { Assembly } from './assembly.ts';
import type { Connection, Message } from './connection.ts';
import { type Found, SWEEP_MS, startSweep } from './sweep.ts';

/** How long Home Assistant takes to listen to a device that it was told of. */
const LISTENING_MS = 2000;
const BIRTH_WAIT_MS = { min: 1000, max: 5000 } as const;

/** What a session needs beside the parts. */
export interface SessionParts {
  assembly: Assembly;
  instance: string;
  sources: Pick<SourceBook, 'list' | 'find'>;
  clock: Clock;
  random: () => number;
  log: Log;
  /** True when the broker may hold what an earlier run left there. */
  isToBeSwept(): boolean;
  swept(): void;
}

/** Runs until the signal fires. Never rejects. */
export async function runSession(
  parts: SessionParts,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const { assembly, log } = parts;
  signal.addEventListener('abort', () => detach(assembly), { once: true });
  try {
    await greet(parts, connection, signal);
  } catch (thrown) {
    if (!isAbort(thrown) && connection.isOpen) log.warning(`MQTT session: ${sentenceOf(thrown)}`, { thrown });
  }
}

/** Sends the newest picture of every source, also the same again. */
export function sendAllImages({ assembly, sources }: Pick<SessionParts, 'assembly' | 'sources'>): void {
  for (const { id } of sources.list()) assembly.images.now(id, true);
}

async function greet(parts: SessionParts, connection: Connection, signal: AbortSignal): Promise<void> {
  const { assembly, clock } = parts;
  const { announcer, events, images, mirror, publisher, refusals } = assembly;
  refusals.clear();
  // Before anything is published: what the broker kept would be overwritten.
  const sweep = parts.isToBeSwept() ? await beginSweep(parts, connection) : undefined;
  listen(parts, connection, signal);
  await subscribe(assembly, connection);
  signal.throwIfAborted();
  publisher.all();
  mirror.attach(connection);
  images.attach(connection);
  events.attach(connection);
  sendAllImages(parts);
  if (sweep) {
    await clock.sleep(SWEEP_MS, signal);
    await sweep.finish();
    takeOver(parts, sweep.found);
  }
  // Not before: what an earlier run announced has to be known to be taken back.
  announcer.attach(connection, signal);
  await announcer.run(true);
  await showAgain(parts, signal);
}

/** Without commands, or without a look at what an earlier run left, the rest still works. */
async function subscribe(
  { refusals, topics }: Assembly,
  connection: Pick<Connection, 'subscribe'>,
): Promise<void> {
  const wanted = [...topics.commands, ...topics.births].map(topic =>
    connection.subscribe([topic]).catch(thrown => noteRefusal(refusals, topic, thrown)),
  );
  await Promise.all(wanted);
}

async function beginSweep({ assembly, instance }: SessionParts, connection: Connection) {
  try {
    return await startSweep(connection, assembly.topics, instance);
  } catch (thrown) {
    noteRefusal(assembly.refusals, assembly.topics.everyConfig, thrown);
    return undefined;
  }
}

function noteRefusal(refusals: Assembly['refusals'], topic: string, thrown: unknown): void {
  if (!(thrown instanceof GlimpserError)) throw thrown;
  refusals.note('read', topic, thrown);
}

/** Pictures that the broker does not keep came before Home Assistant listened, unless it knew the devices. */
async function showAgain(parts: SessionParts, signal: AbortSignal): Promise<void> {
  if (parts.assembly.images.areKept) return;
  await parts.clock.sleep(LISTENING_MS, signal);
  sendAllImages(parts);
}

function detach({ announcer, events, images, mirror }: Assembly): void {
  mirror.detach();
  images.detach();
  events.detach();
  announcer.detach();
}

function listen(parts: SessionParts, connection: Connection, signal: AbortSignal): void {
  const { assembly, clock, random } = parts;
  let birth: Disposable | undefined;
  signal.addEventListener('abort', () => birth?.[Symbol.dispose](), { once: true });
  connection.onMessage(message => {
    if (!assembly.topics.births.includes(message.topic)) void assembly.readCommand(message);
    else if (isBirth(message) && !signal.aborted) {
      birth?.[Symbol.dispose]();
      const waitMs = BIRTH_WAIT_MS.min + random() * (BIRTH_WAIT_MS.max - BIRTH_WAIT_MS.min);
      birth = clock.after(waitMs, () => void welcome(parts, signal));
    }
  });
}

/** A retained birth tells of a start before our own. */
function isBirth({ payload, isRetained }: Message): boolean {
  return !isRetained && payload.toString('utf8') === 'online';
}

/** Home Assistant started: devices first, then states, then pictures. */
async function welcome(parts: SessionParts, signal: AbortSignal): Promise<void> {
  await parts.assembly.announcer.run(true);
  parts.assembly.mirror.resend();
  sendAllImages(parts);
  await showAgain(parts, signal).catch((thrown: unknown) => {
    if (!isAbort(thrown)) throw thrown;
  });
}

function takeOver({ assembly, instance, log, sources, swept }: SessionParts, found: Found): void {
  for (const { topic, text, platforms } of found.configs) assembly.announcer.adopt(topic, text, platforms);
  const stale = [...found.sourceIds].filter(id => !sources.find(id));
  for (const id of stale) assembly.publisher.forget(id);
  if (stale.length > 0) log.info(`${stale.length} sources that are gone were taken off the broker.`);
  if (found.otherInstance !== undefined) {
    log.warning(
      `Another hub (${found.otherInstance}) uses, or used, the base topic “${assembly.topics.base}” on this broker; this one is ${instance}. Give each hub its own MQTT_BASE_TOPIC.`,
    );
  }
  swept();
}
