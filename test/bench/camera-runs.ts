/** Reads cameras as the hub does, with the outputs that are asked for; run by the benchmark of cameras. */
import { startChild } from '#server/base/child.ts';
import { systemClock } from '#server/base/clock.ts';
import { ffmpegArguments } from '#server/base/ffmpeg-args.ts';
import type { FfmpegOutput } from '#server/base/ffmpeg-outputs.ts';
import { openMediaPort } from '#server/base/rtsp/media-port.ts';

const [mode = 'full', folder = '', ...urls] = process.argv.slice(2);
const port = await openMediaPort(systemClock);
for (const [index, url] of urls.entries()) {
  const outputs: FfmpegOutput[] = [
    { to: 'push', url: port.publish().url, sound: 'none' },
    { to: 'segments', listFd: 3, folder, prefix: `${index}-`, seconds: 10, sound: 'none' },
    { to: 'jpeg', fd: 4, everyMs: 10_000, width: 0, quality: 85, isSingle: false },
  ];
  if (mode === 'full') outputs.push({ to: 'gray', fd: 5, everyMs: 200, width: 320, height: 180 });
  const decode = mode === 'full' ? ('full' as const) : ('keyframes' as const);
  const args = ffmpegArguments({ from: 'rtsp', url, decode }, outputs);
  const child = startChild('ffmpeg', args, {
    extraPipes: 3,
    onLine: line => process.stderr.write(`${line}\n`),
  });
  for (const pipe of child.pipes) pipe.resume();
}
process.stdout.write('running\n');
