/** Adds live events to a list that is shown. */
import type { HubEvent } from '#widgets/shapes.ts';

/** The list with an event that was opened or closed: in its place when it is known, else first; out when it no longer fits. */
export function withEvent(
  events: readonly HubEvent[],
  event: HubEvent,
  fits: (event: HubEvent) => boolean,
): HubEvent[] {
  const isKnown = events.some(other => other.id === event.id);
  if (!fits(event)) return events.filter(other => other.id !== event.id);
  return isKnown ? events.map(other => (other.id === event.id ? event : other)) : [event, ...events];
}
