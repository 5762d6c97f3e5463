/** Steps through a list in a circle. */

/** The item after or before another; the first when it is not in the list. */
export function stepFrom<T>(items: readonly T[], from: T, step: 1 | -1): T | undefined {
  const at = items.indexOf(from);
  return at < 0 ? items[0] : items[(at + step + items.length) % items.length];
}
