/** A video file of this machine, played again and again as if it were a camera. */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { cameraPictures } from '#base/camera-pictures.ts';
import { fileInside, isInsidePath } from '#base/inside-folder.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  path: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine(isInsidePath, 'must be a path below the media folder, such as clips/door.mp4')
    .describe(
      'Path below the media folder: media in the data folder, or the media of Home Assistant. Such as clips/door.mp4',
    )
    .meta({ title: 'File' }),
  ...cameraOptions,
});

export default defineKind({
  title: 'Video file',
  description: 'A video file in the media folder, played again and again as if it were a camera.',
  family: 'camera',
  manner: 'stream',
  hasVideo: true,
  schedule: 'live',
  options,
  async *frames({ path, ...options }, context) {
    // The real path is handed over, so that a link that is laid later leads nowhere.
    const file = await fileInside(context.mediaFolder, path, context.name);
    yield* cameraPictures({
      ...context,
      input: { from: 'file', path: file, isLive: true },
      ...cameraShape(options, context.everyMs),
    });
  },
});
