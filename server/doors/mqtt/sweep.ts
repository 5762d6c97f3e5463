/** Looks once for what an earlier run of this hub left on the broker. */
import { z } from 'zod';
import type { Connection, Message } from './connection.ts';
import { ORIGIN_NAME } from './discovery.ts';
import type { Topics } from './topics.ts';

/** How long retained messages are waited for. */
export const SWEEP_MS = 5000;

/** A discovery message of ours. */
export interface FoundConfig {
  topic: string;
  text: string;
  /** Unset: the hub's own. */
  sourceId?: string;
  platforms: Map<string, string>;
}

/** What was found. */
export interface Found {
  configs: FoundConfig[];
  /** Sources that this hub once published. */
  sourceIds: Set<string>;
  /** Another hub's instance that uses the same base topic. */
  otherInstance?: string;
}

const configSchema = z.object({
  origin: z.object({ name: z.literal(ORIGIN_NAME) }),
  components: z.record(z.string(), z.object({ platform: z.string() })),
});
const sourcesSchema = z.object({ instance: z.string(), sources: z.array(z.object({ id: z.string() })) });

/** Starts to look; `finish` ends it. Only retained messages count, so our own new ones are not seen. */
export async function startSweep(
  connection: Connection,
  topics: Topics,
  instance: string,
): Promise<{ found: Found; finish(): Promise<void> }> {
  const found: Found = { configs: [], sourceIds: new Set() };
  const ear = connection.onMessage(message => {
    if (message.isRetained) readMessage(message, topics, instance, found);
  });
  const filters = [topics.everyConfig, topics.bridge.sources];
  await connection.subscribe(filters);
  const finish = async () => {
    ear[Symbol.dispose]();
    await connection.unsubscribe(filters);
  };
  return { found, finish };
}

function readMessage({ topic, payload }: Message, topics: Topics, instance: string, found: Found): void {
  const text = payload.toString('utf8');
  if (topic === topics.bridge.sources) readSources(text, instance, found);
  const { isOurs, sourceId } = topics.readConfig(topic);
  if (!isOurs) return;
  const config = configSchema.safeParse(parsed(text));
  if (!config.success) return;
  const components = Object.entries(config.data.components);
  const platforms = new Map(components.map(([key, { platform }]) => [key, platform]));
  found.configs.push({ topic, text, platforms, ...(sourceId === undefined ? {} : { sourceId }) });
  if (sourceId !== undefined) found.sourceIds.add(sourceId);
}

function readSources(text: string, instance: string, found: Found): void {
  const list = sourcesSchema.safeParse(parsed(text));
  if (!list.success) return;
  if (list.data.instance !== instance) found.otherInstance = list.data.instance;
  else for (const { id } of list.data.sources) found.sourceIds.add(id);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
