/** FFmpeg's own pictures, moving: to try things out without a camera. */
import { z } from 'zod';
import { jpegArguments, jpegScale } from '#base/ffmpeg-args.ts';
import { ffmpegPictures } from '#base/ffmpeg-pictures.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  pattern: z
    .enum(['testsrc2', 'smptehdbars', 'mandelbrot', 'life'])
    .default('testsrc2')
    .describe('Which of the pictures of FFmpeg'),
  width: z.number().int().min(64).max(3840).multipleOf(2).default(1280).describe('Width in pixels'),
  height: z.number().int().min(64).max(2160).multipleOf(2).default(720).describe('Height in pixels'),
  fps: z.number().min(0.1).max(30).default(5).describe('Pictures a second'),
  quality: z.number().int().min(1).max(100).default(75).describe('JPEG quality, 1 to 100'),
});

export default defineKind({
  title: 'Test pictures',
  description: 'Moving test pictures made by FFmpeg. No camera is needed.',
  family: 'camera',
  manner: 'stream',
  schedule: 'live',
  options,
  async *frames({ pattern, width, height, fps, quality }, context) {
    const rate = context.everyMs > 0 ? Math.min(fps, 1000 / context.everyMs) : fps;
    const graph = `${pattern}=size=${width}x${height}:rate=${Math.max(rate, 1)}`;
    const args = jpegArguments(
      { from: 'lavfi', graph },
      { fd: 3, fps: rate, width: 0, quality: jpegScale(quality), isSingle: context.isSingle },
    );
    const { name, signal, clock, isSingle } = context;
    yield* ffmpegPictures(context.ffmpeg, {
      args,
      name,
      signal,
      clock,
      isSingle,
      note: line => context.note(line),
    });
  },
});
