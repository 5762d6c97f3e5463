/** What follows the settings: sources that are watched, the pause, and how much is logged. */
import type { RootLog } from '#base/log.ts';
import { type Config, fixedLogLevel } from '#model/config.ts';
import type { HubBus } from '#model/signals.ts';
import type { Watch } from '#stages/watch/watch.ts';
import type { SettingsStore } from '#store/settings.ts';

/** What is steered. */
export interface Followers {
  bus: HubBus;
  watch: Watch;
  log: RootLog;
  settings: SettingsStore;
  config: Config;
}

/** Starts every source and follows each change until it is disposed. */
export function followSettings({ bus, watch, log, settings, config }: Followers): Disposable {
  const ears = [
    bus.on('source.added', 'watch', ({ source }) => watch.start(source)),
    bus.on('source.changed', 'watch', ({ source }) => watch.update(source)),
    bus.on('source.removed', 'watch', ({ source }) => watch.stop(source.id)),
    bus.on('safe-mode.left', 'watch', () => watch.setSafe(false)),
    bus.on('settings.changed', 'watch', ({ settings: { preferences } }) => {
      watch.setPaused(preferences.isPaused);
      log.level = logLevel(config, preferences.logLevel);
    }),
  ];
  log.level = logLevel(config, settings.current.preferences.logLevel);
  for (const source of settings.current.sources) watch.start(source);
  return {
    [Symbol.dispose]() {
      for (const ear of ears) ear[Symbol.dispose]();
    },
  };
}

/** The environment wins over the settings. */
function logLevel(config: Config, preferred: RootLog['level']): RootLog['level'] {
  return fixedLogLevel(config)?.level ?? preferred;
}
