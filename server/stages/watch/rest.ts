/** When a source rests, and what is said to who wants a picture of it then. */
import { GlimpserError } from '#base/errors.ts';
import type { Source } from '#model/source.ts';

/** How long a source that sleeps stays awake after the last one has left. */
export const LINGER_MS = 15_000;

/** What lets every source rest. */
export type Rest = 'paused' | 'safe';

const REASONS: Record<Rest, string> = {
  paused: 'All captures are paused',
  safe: 'The hub runs in safe mode',
};

/** Why nothing is to be fetched; undefined when something is. */
export function reasonToRest(source: Source, rest: Rest | undefined): string | undefined {
  if (!source.enabled) return 'Switched off';
  return rest && REASONS[rest];
}

/** Refuses a picture of a source that rests. */
export function switchedOff({ name }: Source, reason: string): GlimpserError {
  return new GlimpserError('source-disabled', sentenceOf(name, reason));
}

function sentenceOf(name: string, reason: string): string {
  if (reason === REASONS.paused)
    return `All captures are paused, so ${name} gives no picture. Resume them first.`;
  if (reason === REASONS.safe)
    return `The hub runs in safe mode, so ${name} gives no picture. Start the sources again first.`;
  return `${name} is switched off. Switch it on first.`;
}
