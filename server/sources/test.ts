/** FFmpeg's own pictures, moving: to try things out without a camera. */
import { z } from 'zod';
import { ffmpegArguments } from '#base/ffmpeg-args.ts';
import { ffmpegPictures } from '#base/ffmpeg-pictures.ts';
import { canDrawText } from '#base/ffmpeg-probe.ts';
import { drawnSize, quality } from '#base/picture-options.ts';
import { defineKind } from './kind.ts';

const LONGEST_MS = 86_400_000;

const options = z.strictObject({
  pattern: z
    .enum(['testsrc2', 'smptehdbars', 'mandelbrot', 'life'])
    .default('testsrc2')
    .describe('Which of the pictures of FFmpeg')
    .meta({
      title: 'Pattern',
      labels: {
        ...{ testsrc2: 'Moving test card', smptehdbars: 'Colour bars' },
        ...{ mandelbrot: 'Mandelbrot set', life: 'Game of Life' },
      },
    }),
  ...drawnSize({ width: 64, height: 64 }),
  fps: z
    .number()
    .min(0.1)
    .max(30)
    .default(5)
    .describe('Pictures a second')
    .meta({ title: 'Pictures a second', liveOnly: true }),
  quality: quality(85),
  label: z
    .boolean()
    .default(true)
    .describe('Write name and time into the picture, where a font is installed')
    .meta({ title: 'Name and time' }),
});

export default defineKind({
  title: 'Test pictures',
  description: 'Moving test pictures made by FFmpeg. No camera is needed.',
  family: 'camera',
  manner: 'stream',
  hasVideo: false,
  schedule: 'live',
  options,
  async *frames({ pattern, width, height, fps, quality, label }, context) {
    const { name, ffmpeg, signal, clock, isSingle } = context;
    const everyMs = Math.min(Math.max(1000 / fps, context.everyMs), LONGEST_MS);
    const isLabelled = label && (await canDrawText(ffmpeg));
    const source = `${pattern}=size=${width}x${height}:rate=10000/${Math.round(everyMs * 10)}`;
    const args = ffmpegArguments(
      { from: 'lavfi', graph: [source, ...(isLabelled ? labels(name) : [])].join(',') },
      [{ to: 'jpeg', fd: 3, everyMs: 0, width: 0, quality, isSingle }],
      ffmpeg.version,
    );
    const note = (line: string) => context.note(line);
    const dropped = () => context.dropped();
    yield* ffmpegPictures(ffmpeg, { args, name, signal, clock, isSingle, note, dropped });
  },
});

/** The name above, the time below. The name comes from people: nothing of it may count as part of the filter. */
function labels(name: string): string[] {
  const shown = name
    .replace(/[^\p{L}\p{N} ._-]/gu, ' ')
    .slice(0, 60)
    .trim();
  const look = 'x=h/30:fontsize=h/16:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=6';
  return [
    `drawtext=text='${shown || 'Test pictures'}':expansion=none:y=h/30:${look}`,
    `drawtext=text='%{localtime}':y=h-th-h/30:${look}`,
  ];
}
