/** A source: something we may look at. Its id is made once and never changes. */
import { z } from 'zod';
import { durationMs } from '#base/duration.ts';
import { scheduleSchema } from './schedule.ts';

/** The shape of a source's id. */
export const SOURCE_ID = /^[a-z0-9]{4,32}$/;

/** The id of a source as a schema. */
export const sourceIdSchema = z.string().regex(SOURCE_ID, 'must be 4 to 32 lower-case letters and digits');

/** The id of a group: the word people type in `groups`. */
export const groupIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'must be lower-case letters, digits, - and _, at most 32');

/** A written duration, such as 10s. */
export const durationSchema = z
  .string()
  .refine(text => durationMs(text) !== undefined, 'must be a duration such as 10s, 5m or 7d');

const keepSchema = z
  .strictObject({
    every: durationSchema.default('1m').describe('Shortest time between two stills that are kept'),
    newest: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(200)
      .describe('How many stills are kept; 0 keeps none'),
  })
  .describe('Which pictures are kept on disk');

const percentSchema = (what: string) => z.number().min(0).max(100).describe(what);

const changeSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Compare each picture of a website with the one before and tell what changed')
      .meta({ title: 'Tell changes' }),
    least: percentSchema('Smaller changes are not told, in percent of the picture')
      .default(0)
      .meta({ title: 'Smallest change' }),
    learn: z
      .boolean()
      .default(true)
      .describe('Leave out places that change again and again, such as clocks and ads')
      .meta({ title: 'Learn restless places' }),
    ignore: z
      .array(
        z.strictObject({
          left: percentSchema('From the left edge, in percent of the width').meta({ title: 'Left' }),
          top: percentSchema('From the upper edge, in percent of the height').meta({ title: 'Top' }),
          width: percentSchema('Percent of the width').meta({ title: 'Width' }),
          height: percentSchema('Percent of the height').meta({ title: 'Height' }),
        }),
      )
      .max(50)
      .default([])
      .describe('Places whose changes do not matter')
      .meta({ title: 'Places to leave out' }),
  })
  .describe('What counts as a change of a page');

const switchSchema = (what: string) => z.strictObject({ enabled: z.boolean().default(false).describe(what) });

/** Everything about a source except its id; what a person writes to create one. */
export const sourceDraftSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(80).describe('How people call it'),
    kind: z.string().min(1).max(32).describe('What it is: see GET /api/sources/kinds'),
    enabled: z.boolean().default(true).describe('Off: nothing is fetched'),
    groups: z.array(groupIdSchema).max(32).default([]).describe('Groups that it belongs to'),
    tags: z.array(z.string().trim().min(1).max(40)).max(32).default([]).describe('Words to find it by'),
    notes: z.string().max(2000).default('').describe('For people; the hub does not read it'),
    schedule: scheduleSchema.optional().describe('live, an interval such as 10s, or a cron expression'),
    options: z.record(z.string(), z.unknown()).default({}).describe('What the kind needs'),
    keep: keepSchema.prefault({}),
    motion: switchSchema('Look for motion; kept for the motion engine').prefault({}),
    change: changeSchema.prefault({}),
    analysis: switchSchema('Let a model describe pictures; kept for the analysis').prefault({}),
    privacy: z
      .strictObject({ hidden: z.boolean().default(false).describe('Only admins may see its pictures') })
      .prefault({}),
  })
  .meta({ id: 'SourceDraft' });

/** What a person writes to create a source, checked. */
export type SourceDraft = z.output<typeof sourceDraftSchema>;

/** A stored source: the schedule is filled in by its kind when none was given. */
export const sourceSchema = sourceDraftSchema
  .extend({ id: sourceIdSchema, schedule: scheduleSchema })
  .meta({ id: 'Source' });

/** A stored source. Options are checked by its kind; secrets in them are sealed at rest. */
export type Source = z.output<typeof sourceSchema>;

/** A group of sources. */
export const groupSchema = z
  .strictObject({ id: groupIdSchema, name: z.string().trim().min(1).max(80) })
  .meta({ id: 'Group' });

/** A group of sources. */
export type Group = z.output<typeof groupSchema>;

/** What is said instead of a stored secret; sent back, it keeps the stored one. */
export const KEPT_SECRET = '********';
