/** Durations as people write them: `500ms`, `10s`, `5m`, `2h`, `7d`. */
import { GlimpserError } from './errors.ts';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SHAPE = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;

/** Milliseconds of a written duration, or undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const found = SHAPE.exec(text.trim());
  if (!found) return undefined;
  return Number(found[1]) * UNIT_MS[found[2] as keyof typeof UNIT_MS];
}

/** Milliseconds of a written duration. Throws `body-invalid` with the shape to use. */
export function parseDuration(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new GlimpserError(
    'body-invalid',
    `“${text}” is not a duration. Write a number and a unit, such as 500ms, 10s, 5m, 2h or 7d.`,
  );
}

/** The shortest exact way to write milliseconds: 90000 is `90s`, 60000 is `1m`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= UNIT_MS[unit] && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
