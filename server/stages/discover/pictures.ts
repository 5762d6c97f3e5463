/** Pictures of what was found open: a few at a time, and none is waited for long. */
import type { Clock } from '#base/clock.ts';
import { sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { Turns } from '#base/turns.ts';
import type { Found } from '#model/discovery.ts';
import type { Picture } from '#model/frame.ts';
import type { SourceDraft } from '#model/source.ts';
import { draftBy } from './draft.ts';

/** What taking pictures needs. */
export interface LookParts {
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  look(draft: SourceDraft, signal: AbortSignal): Promise<Picture | undefined>;
}

const AT_ONCE = 2;
const LOOK_MS = 20_000;

/** Tells each as it comes, also one that did not. Rejects only when the signal fires. */
export async function takePictures(
  found: readonly Found[],
  parts: LookParts,
  onDone: (id: string, picture: Picture | undefined) => void,
): Promise<void> {
  const turns = new Turns(AT_ONCE);
  await Promise.all(
    found.map(async one => {
      using _turn = await turns.take(parts.signal);
      onDone(one.id, await takePicture(one, parts));
    }),
  );
}

async function takePicture(
  { name, ways }: Found,
  { clock, log, signal, look }: LookParts,
): Promise<Picture | undefined> {
  const late = new AbortController();
  using _limit = clock.after(LOOK_MS, () => late.abort());
  for (const way of ways.filter(({ needsLogin }) => !needsLogin)) {
    const picture = await look(draftBy(way, name), AbortSignal.any([signal, late.signal])).catch(
      (thrown: unknown) => void log.debug(`${name}: ${sentenceOf(thrown)}`),
    );
    signal.throwIfAborted();
    if (picture) return picture;
  }
  return undefined;
}
