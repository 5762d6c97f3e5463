/** Pictures that others send: a script, an automation, a camera that uploads. */
import { z } from 'zod';
import { Pace } from '#base/pace.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  fps: z
    .number()
    .min(0.01)
    .max(30)
    .default(10)
    .describe('At most so many pictures a second are taken; more are left out')
    .meta({ title: 'Pictures a second', liveOnly: true }),
});

export default defineKind({
  title: 'Pictures sent by others',
  description:
    'A script, an automation or a camera sends pictures: POST them to /api/sources/{id}/frames, or publish them to glimpser/{id}/frames/set.',
  family: 'camera',
  manner: 'stream',
  hasVideo: false,
  isPatient: true,
  isPosted: true,
  schedule: 'live',
  options,
  async *frames({ fps }, { sourceId, signal, clock, everyMs, isSingle, posted }) {
    const pace = new Pace(Math.max(1000 / fps, everyMs));
    for await (const picture of posted(sourceId, signal)) {
      if (!pace.isDue(clock.monotonic())) continue;
      yield picture;
      if (isSingle) return;
    }
  },
});
