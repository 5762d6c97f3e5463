/** An event: something that happened at a source; opened, updated, closed. */
import { z } from 'zod';

/** Every type of event that the hub can raise today. */
export const EVENT_TYPES = [
  'source_lost',
  'source_recovered',
  'load_failed',
  'load_recovered',
  'camera_motion',
  'changed',
] as const;

/** An event as the API shows it. Instants are ISO 8601 UTC. */
export const eventSchema = z
  .strictObject({
    id: z.string(),
    sourceId: z.string(),
    type: z.enum(EVENT_TYPES),
    openedAt: z.string(),
    closedAt: z.string().nullable().describe('Null while it lasts'),
    summary: z.string().describe('One sentence for people'),
  })
  .meta({ id: 'Event' });

/** Something that happened at a source. */
export type Event = z.output<typeof eventSchema>;

/** What kind of thing happened. */
export type EventType = Event['type'];
