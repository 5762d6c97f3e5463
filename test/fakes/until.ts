/** Waits for a condition instead of for time. */
import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 20_000;

/** Resolves with the first answer that is neither false nor undefined; rejects at a generous deadline. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const endAt = performance.now() + DEADLINE_MS;
  while (performance.now() < endAt) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await delay(20);
  }
  throw new Error(`Never happened: ${what}`);
}
