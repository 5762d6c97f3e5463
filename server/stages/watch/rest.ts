/** When a source rests, and what is said to who wants a picture of it then. */
import { GlimpserError } from '#base/errors.ts';
import type { Source } from '#model/source.ts';

/** How long a source that sleeps stays awake after the last one has left. */
export const LINGER_MS = 15_000;

const PAUSED = 'All captures are paused';

/** Why nothing is to be fetched; undefined when something is. */
export function reasonToRest(source: Source, isPaused: boolean): string | undefined {
  if (!source.enabled) return 'Switched off';
  return isPaused ? PAUSED : undefined;
}

/** Refuses a picture of a source that rests. */
export function switchedOff({ name }: Source, reason: string): GlimpserError {
  const paused = `All captures are paused, so ${name} gives no picture. Resume them first.`;
  const off = `${name} is switched off. Switch it on first.`;
  return new GlimpserError('source-disabled', reason === PAUSED ? paused : off);
}
