/** SourceState: all that is known of a source now, folded from signals; entities and UI read it. */
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '#base/errors.ts';
import { ptzSchema } from './ptz.ts';

/** Every status a source can have. */
export const SOURCE_STATUSES = [
  'starting',
  'waiting',
  'ok',
  'asleep',
  'degraded',
  'error',
  'disabled',
] as const;

/** What sources can notice themselves. */
export const TRIGGERS = ['motion'] as const;

/** Something that a source noticed itself. */
export type Trigger = (typeof TRIGGERS)[number];

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];
const instant = z.string().nullable();

/** What the programs of a source take: FFmpeg and yt-dlp. What the hub and the browser do for it is not counted. */
export const programUseSchema = z
  .strictObject({
    cpuPercent: z.number().describe('Processor time, in hundredths of one core'),
    memoryMiB: z.number().describe('Memory; what programs share is counted in parts where Linux tells'),
  })
  .meta({ id: 'ProgramUse' });

/** What the programs of a source take. */
export type ProgramUse = z.output<typeof programUseSchema>;

/** SourceState as the API shows it. Instants are ISO 8601 UTC. */
export const sourceStateSchema = z
  .strictObject({
    sourceId: z.string(),
    status: z.enum(SOURCE_STATUSES),
    reason: z.string().describe('Why, in words'),
    code: z.enum(codes).nullable().describe('Code of the last failure while it lasts'),
    isOnline: z.boolean().describe('True while pictures come, and while it sleeps in good health'),
    since: z.string().describe('When the status began'),
    lastFrameAt: instant,
    retryAt: instant.describe('When the next try is due'),
    captureMs: z.number().nullable().describe('How long the last capture took'),
    fps: z
      .number()
      .nullable()
      .describe('Pictures a second: of the stream where it is measured, else over the last ten'),
    bitsPerSecond: z.number().nullable().describe('Rate of the coded stream; null where there is none'),
    decoder: z
      .string()
      .nullable()
      .describe('What decodes for those who look: software or a way in hardware; null before anybody looked'),
    decoderGivenUp: z
      .string()
      .nullable()
      .describe('The way in hardware that gave no picture twice, so that software decodes; null: none'),
    programs: programUseSchema
      .nullable()
      .describe('What its programs take; null while none runs for long, and where that cannot be read'),
    dropped: z
      .strictObject({
        pictures: z.number().describe('Pictures that this machine was too slow for'),
        groups: z.number().describe('Times that a slow player lost a group of pictures of the stream'),
      })
      .describe('What was left out since the hub started'),
    reconnects: z.number().describe('Connections after the first since the hub started'),
    width: z.number().nullable(),
    height: z.number().nullable(),
    bytes: z.number().nullable(),
    frames: z.number().describe('Pictures since the start'),
    failures: z.number().describe('Failures since the start'),
    page: z
      .strictObject({
        httpStatus: z.number().optional(),
        title: z.string().optional(),
        finalUrl: z.string().optional(),
        loadMs: z.number().optional(),
        readyBy: z.string().optional(),
      })
      .nullable()
      .describe('What the page said; websites only'),
    triggers: z
      .strictObject({ motion: z.boolean().nullable() })
      .describe('What the source noticed itself; null: it tells no such thing'),
    ptz: ptzSchema.nullable().describe('How it can be moved; null: it cannot, or that is not known yet'),
  })
  .meta({ id: 'SourceState' });

/** All that is known of a source now. */
export type SourceState = z.output<typeof sourceStateSchema>;

/** What stays true of a source over a restart; status and counters begin anew. */
export const lastSeenSchema = z.object(
  sourceStateSchema.pick({ lastFrameAt: true, captureMs: true, width: true, height: true, bytes: true })
    .shape,
);

/** What stays true of a source over a restart. */
export type LastSeen = z.output<typeof lastSeenSchema>;

/** The state of a source that nothing is known of yet. */
export function initialState(sourceId: string, isEnabled: boolean, since: string): SourceState {
  return {
    sourceId,
    status: isEnabled ? 'starting' : 'disabled',
    reason: isEnabled ? 'Starting' : 'Switched off',
    code: null,
    isOnline: false,
    since,
    lastFrameAt: null,
    retryAt: null,
    captureMs: null,
    fps: null,
    bitsPerSecond: null,
    decoder: null,
    decoderGivenUp: null,
    programs: null,
    dropped: { pictures: 0, groups: 0 },
    reconnects: 0,
    width: null,
    height: null,
    bytes: null,
    frames: 0,
    failures: 0,
    page: null,
    triggers: { motion: null },
    ptz: null,
  };
}

/** One try to get a picture, as the trail of attempts shows it. */
export const attemptSchema = z
  .strictObject({
    at: z.string(),
    isSuccess: z.boolean(),
    tookMs: z.number(),
    code: z.string().nullable(),
    sentence: z.string(),
  })
  .meta({ id: 'Attempt' });

/** One try to get a picture. */
export type Attempt = z.output<typeof attemptSchema>;
