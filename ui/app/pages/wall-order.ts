/** Moving sources about on the wall: orders of ids, and what a new order of some makes of all. */

/** The ids with one at another place; places outside of the list are its ends. */
export function movedTo(ids: readonly string[], id: string, place: number): string[] {
  const others = ids.filter(other => other !== id);
  if (others.length === ids.length) return [...ids];
  return others.toSpliced(Math.min(Math.max(place, 0), others.length), 0, id);
}

/** All sources when some are ordered anew: these share their places among themselves, the others stay. */
export function reordered<T extends { id: string }>(sources: readonly T[], ids: readonly string[]): T[] {
  const byId = new Map(sources.map(source => [source.id, source]));
  const next = ids.flatMap(id => byId.get(id) ?? []).values();
  const isMoved = new Set(ids);
  return sources.map(source => (isMoved.has(source.id) ? (next.next().value ?? source) : source));
}

/** How far the page scrolls while a tile is dragged near an edge of the window, in pixels a frame. */
export function edgeSpeed(y: number, height: number): number {
  const edge = Math.min(90, height / 5);
  if (y < edge) return -Math.ceil((edge - Math.max(y, 0)) / 6);
  if (y > height - edge) return Math.ceil((Math.min(y, height) - (height - edge)) / 6);
  return 0;
}
