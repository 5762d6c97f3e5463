/** Options that all cameras share which FFmpeg reads: what is made of their stream. */
import { z } from 'zod';
import { durationMs } from './duration.ts';
import { quality } from './picture-options.ts';

/** To be spread into the options of a kind. */
export const cameraOptions = {
  fps: z
    .number()
    .min(0.1)
    .max(30)
    .default(5)
    .describe('At most so many pictures a second while somebody looks')
    .meta({ title: 'Pictures a second', liveOnly: true }),
  stillEvery: z
    .string()
    .refine(text => isStillGap(text), 'must be a duration from 1s to 30s, such as 10s')
    .default('10s')
    .describe('Time between two stills while nobody looks')
    .meta({ title: 'Still every', liveOnly: true }),
  decode: z
    .enum(['full', 'keyframes'])
    .default('full')
    .describe('What those who look see. Key pictures come every second or two and cost far less work')
    .meta({
      title: 'Smoothness',
      liveOnly: true,
      labels: { full: 'Every picture', keyframes: 'Key pictures only' },
    }),
  width: z
    .number()
    .int()
    .min(0)
    .max(3840)
    .default(0)
    .describe('Width in pixels, never larger than sent; 0 keeps the size of the camera')
    .meta({ title: 'Width' }),
  quality: quality(85),
  sound: z
    .boolean()
    .default(true)
    .describe('Hand the sound of the camera on, where it has any')
    .meta({ title: 'Sound' }),
};

/** What the options say, checked. */
export interface CameraOptions {
  fps: number;
  stillEvery: string;
  decode: 'full' | 'keyframes';
  width: number;
  quality: number;
  sound: boolean;
}

/** The options as a run of a camera wants them. `everyMs` is what the schedule asks for; 0 leaves it to the options. */
export function cameraShape(
  { fps, stillEvery, decode, width, quality, sound }: CameraOptions,
  everyMs: number,
) {
  return {
    picture: { everyMs: Math.max(1000 / fps, everyMs), width, quality, decode },
    stillEveryMs: everyMs > 0 ? everyMs : (durationMs(stillEvery) ?? 0),
    sound: sound ? ('copy' as const) : ('none' as const),
  };
}

/** Rarer pictures would not be told from a camera that gives none. */
function isStillGap(text: string): boolean {
  const ms = durationMs(text);
  return ms !== undefined && ms >= 1000 && ms <= 30_000;
}
