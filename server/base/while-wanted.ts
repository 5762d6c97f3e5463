/** Work that goes on for as long as somebody wants it, and a little longer, because people come back. */
import type { Clock } from './clock.ts';
import type { Wanted } from './interest.ts';

/** Who wants it, and how long it goes on after the last of them has left. */
export interface Wanting {
  wanted: Wanted;
  lingerMs: number;
  clock: Clock;
  signal: AbortSignal;
}

/** Runs the work until nobody wants it any more; its failures, and the reason of the signal, are thrown. */
export async function whileWanted(
  { wanted, lingerMs, clock, signal }: Wanting,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const enough = new AbortController();
  const until = AbortSignal.any([signal, enough.signal]);
  const watching = wanted.lost(lingerMs, clock, until).then(() => enough.abort());
  watching.catch(() => undefined);
  try {
    await work(until);
  } catch (thrown) {
    if (!enough.signal.aborted || signal.aborted) throw thrown;
  } finally {
    enough.abort();
  }
}
