/** Tells what changed between two settings: the whole, and each source that came, changed or went. */
import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '#model/settings.ts';
import type { HubBus } from '#model/signals.ts';

/** Emits nothing when nothing changed. `isWhole`: the settings came as a whole file, which may lack things by accident. */
export function tellSettings(bus: HubBus, settings: Settings, before: Settings, isWhole = false): void {
  if (isDeepStrictEqual(settings, before)) return;
  bus.emit('settings.changed', { settings, before });
  const known = new Map(before.sources.map(source => [source.id, source]));
  for (const source of settings.sources) {
    const old = known.get(source.id);
    known.delete(source.id);
    if (!old) bus.emit('source.added', { source });
    else if (!isDeepStrictEqual(old, source)) bus.emit('source.changed', { source, before: old });
  }
  for (const source of known.values()) bus.emit('source.removed', { source, mayReturn: isWhole });
}
