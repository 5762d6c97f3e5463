/** Whether units belong to one picture although they were handed over as several. */
import type { MediaTrack, MediaUnit } from './media.ts';

/** Far less than lies between two pictures, and enough for what makes times differ that must not be the same. */
const APART_MS = 1;

/** True when both are of one track and, but for a millisecond, of one instant. */
export function isSameInstant(
  track: Pick<MediaTrack, 'clockRate'> | undefined,
  before: Pick<MediaUnit, 'track' | 'rtpTime'>,
  after: Pick<MediaUnit, 'track' | 'rtpTime'>,
): boolean {
  const ticks = (after.rtpTime - before.rtpTime) | 0;
  const most = ((track?.clockRate ?? 0) * APART_MS) / 1000;
  return before.track === after.track && ticks >= 0 && ticks <= most;
}
