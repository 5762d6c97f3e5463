/** Work that goes on for as long as somebody wants it, and a little longer, because people come back. */
import type { Clock } from '#base/clock.ts';
import type { Wanted } from '#base/interest.ts';

/** How long a source stays awake after the last one has left. */
const LINGER_MS = 15_000;

/** Runs the work until nobody wants it any more; its failures, and the reason of the signal, are thrown. */
export async function whileWanted(
  wanted: Wanted,
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const enough = new AbortController();
  const until = AbortSignal.any([signal, enough.signal]);
  const watching = wanted.lost(LINGER_MS, clock, until).then(() => enough.abort());
  watching.catch(() => undefined);
  try {
    await work(until);
  } catch (thrown) {
    if (!enough.signal.aborted || signal.aborted) throw thrown;
  } finally {
    enough.abort();
  }
}
