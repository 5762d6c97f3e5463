/** The picture of a source at this moment: the newest from memory, or a placeholder that says why there is none. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { roundShape, type Shape } from '#model/picture-shape.ts';
import type { SourceBook, StateBook, Watching } from '#model/services.ts';
import type { Shaper } from './jpeg-frames.ts';
import type { Placeholders } from './placeholder.ts';

/** What stills are made of. */
export interface StillsParts {
  clock: Clock;
  sources: Pick<SourceBook, 'find'>;
  states: Pick<StateBook, 'of'>;
  watching: Pick<Watching, 'latest'>;
  pictures: Pick<Shaper, 'still'>;
  placeholders: Placeholders;
}

/** A still as JPEG. */
export interface Still {
  image: Buffer;
  /** Epoch milliseconds. */
  at: number;
  /** Unset for a placeholder; else it names the picture. */
  tag: string | undefined;
}

/**
 * The still of a source: the newest picture however old, unless `isFresh` asks for one that still holds. A placeholder
 * stands for what fails; only a plain still is refused with `too-many-requests` while too many are made.
 */
export async function stillOf(
  parts: StillsParts,
  sourceId: string,
  wanted: Shape,
  isFresh: boolean,
): Promise<Still> {
  const shape = roundShape(wanted);
  const state = parts.states.of(sourceId);
  const frame = isFresh && !state.isOnline ? undefined : parts.watching.latest(sourceId);
  if (!frame) return placeholder(parts, sourceId, state.reason, shape);
  try {
    const { image } = await parts.pictures.still(frame, shape);
    const tag = `${frame.at}-${frame.sequence}-${shape.width ?? ''}-${shape.quality ?? ''}`;
    return { image, at: frame.at, tag };
  } catch (thrown) {
    if (!isFresh && thrown instanceof GlimpserError && thrown.code === 'too-many-requests') throw thrown;
    return placeholder(parts, sourceId, sentenceOf(thrown), shape);
  }
}

async function placeholder(
  parts: StillsParts,
  sourceId: string,
  reason: string,
  { width }: Shape,
): Promise<Still> {
  const title = parts.sources.find(sourceId)?.name ?? 'This source was removed';
  const image = await parts.placeholders.draw({ title, reason, width });
  return { image, at: parts.clock.now(), tag: undefined };
}
