/** Settings that are kept in memory only. */
import { GlimpserError } from '#server/base/errors.ts';
import { type Settings, settingsSchema } from '#server/model/settings.ts';
import type { HubBus } from '#server/model/signals.ts';
import type { SettingsStore } from '#server/store/settings.ts';
import { tellSettings } from '#server/store/settings-diff.ts';

/** A store without a file; every change is a version. */
export class MemorySettings implements SettingsStore {
  readonly notices: string[] = [];
  readonly isFromFile = true;
  readonly #bus: HubBus;
  readonly #versions: Settings[];

  constructor(bus: HubBus) {
    this.#bus = bus;
    this.#versions = [settingsSchema.parse({ version: 1, instance: 'a1b2c3d4' })];
  }

  get current(): Settings {
    const current = this.#versions.at(-1);
    if (current) return current;
    throw new Error('unreachable: there is always a version');
  }

  problems(): string[] {
    return [];
  }

  async update(change: (copy: Settings) => Settings): Promise<Settings> {
    const before = this.current;
    const next = settingsSchema.parse(change(structuredClone(before)));
    this.#versions.push(next);
    tellSettings(this.#bus, next, before);
    return next;
  }

  async versions(): Promise<Array<{ id: string; at: string; bytes: number }>> {
    const all = this.#versions.map((_, index) => ({
      id: `v${index}`,
      at: '2026-01-01T00:00:00.000Z',
      bytes: 1,
    }));
    return all.toReversed();
  }

  async restore(id: string): Promise<Settings> {
    const wanted = this.#versions[Number(id.slice(1))];
    if (!wanted) throw new GlimpserError('not-found', 'There is no such version.');
    return this.update(() => wanted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#versions.splice(0, this.#versions.length - 1);
  }
}
