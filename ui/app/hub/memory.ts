/** Remembers the last known wall on this device, so that the app has something to show while the hub is away. */
import type { Source, SourceState } from '#widgets/shapes.ts';
import type { HubData } from './data.ts';

const KEY = 'glimpser.wall';
const SAVE_MS = 5000;

interface Remembered {
  name: string;
  seenAt: number;
  sources: Source[];
  states: Record<string, SourceState>;
}

function keyFor(base: string): string {
  return `${KEY}:${new URL('.', base).pathname}`;
}

/** The wall as it was when the hub was last seen; options are never stored. */
export function recall(storage: Storage, base: string): Partial<HubData> {
  try {
    const text = storage.getItem(keyFor(base));
    if (text === null) return {};
    const { name, seenAt, sources, states } = JSON.parse(text) as Remembered;
    return { name, seenAt, sources, states };
  } catch {
    return {};
  }
}

/** Stores the wall. A full or forbidden storage loses nothing that matters. */
export function remember(storage: Storage, base: string, data: Readonly<HubData>, now: number): void {
  const sources = data.sources.map(source => ({ ...source, options: {}, notes: '' }));
  const remembered: Remembered = { name: data.name, seenAt: now, sources, states: data.states };
  try {
    storage.setItem(keyFor(base), JSON.stringify(remembered));
  } catch {
    storage.removeItem(keyFor(base));
  }
}

/** Forgets the wall, at logout. */
export function forget(storage: Storage, base: string): void {
  storage.removeItem(keyFor(base));
}

/** Stores the wall at most every five seconds. */
export function rememberNowAndThen(
  storage: Storage,
  base: string,
  read: () => Readonly<HubData>,
): () => void {
  let isDue = true;
  return () => {
    const data = read();
    if (!isDue || !data.isLoaded || !data.isReachable) return;
    isDue = false;
    setTimeout(() => {
      isDue = true;
      if (read().isLoaded) remember(storage, base, read(), Date.now());
    }, SAVE_MS);
  };
}
