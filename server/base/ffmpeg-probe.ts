/** What this FFmpeg can do beyond the least, found out by trying. */
import { systemClock } from './clock.ts';
import type { Ffmpeg } from './ffmpeg.ts';

const PROBE_MS = 10_000;
const DRAW_TEXT = [
  ...['-nostdin', '-hide_banner', '-loglevel', 'error'],
  ...['-f', 'lavfi', '-i', 'color=size=32x32:rate=1,drawtext=text=x'],
  ...['-frames:v', '1', '-f', 'null', '-'],
];

const drawn = new Map<string, Promise<boolean>>();

/** True when FFmpeg can write into pictures: some are built without it, and some machines have no font. Asked once. */
export function canDrawText(ffmpeg: Ffmpeg): Promise<boolean> {
  const { path } = ffmpeg;
  if (path === undefined) return Promise.resolve(false);
  const answer = drawn.get(path) ?? succeeds(ffmpeg, DRAW_TEXT);
  drawn.set(path, answer);
  return answer;
}

async function succeeds(ffmpeg: Ffmpeg, args: readonly string[]): Promise<boolean> {
  await using child = ffmpeg.start(args);
  child.stdout.resume();
  using _late = systemClock.after(PROBE_MS, () => void child.stop());
  const end = await child.exited.catch(() => undefined);
  return end?.code === 0;
}
