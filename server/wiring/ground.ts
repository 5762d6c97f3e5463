/** What everything stands on: the data folder and its lock, the log, secrets, kinds, settings and history. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Bus } from '#base/bus.ts';
import { type Clock, isoTime, systemClock } from '#base/clock.ts';
import { checkWritable, diskFailure } from '#base/disk-failure.ts';
import { loadKinds } from '#base/kinds.ts';
import { lockFolder } from '#base/lock.ts';
import { createLog, type LogLine, type RootLog } from '#base/log.ts';
import { terminalWriter } from '#base/log-terminal.ts';
import { createSecretBox, type SecretBox } from '#base/secret.ts';
import type { Teardown } from '#base/teardown.ts';
import { type Config, fixedLogLevel } from '#model/config.ts';
import { createKindCatalog } from '#model/kind-catalog.ts';
import type { KindCatalog, SourceBook } from '#model/services.ts';
import type { HubBus, Signals } from '#model/signals.ts';
import type { SourceKind } from '#sources/kind.ts';
import { DataFolder } from '#store/data-folder.ts';
import { readSecretKey } from '#store/secret-key.ts';
import { openSettings, type SettingsStore } from '#store/settings.ts';
import { createSourceBook } from '#store/source-book.ts';
import { StartBook } from '#store/start-book.ts';
import { type History, openHistory } from './history.ts';
import { Safety } from './safety.ts';

const LOG_LINES = 500;
/** The lock and the history take as much before anything is kept. */
const LEAST_TO_START_BYTES = 262_144;

/** How a hub is started. */
export interface HubOptions {
  config: Config;
  /** With the test camera and the sample page. */
  isDemo: boolean;
  /** Ends the process so that it starts again. */
  restart: () => void;
  /** Fires when the start is to be given up. */
  signal?: AbortSignal;
  clock?: Clock;
  /** Where log lines go; standard output when unset. */
  writeLog?: (line: string) => void;
}

/** The ground of a hub. */
export interface Ground {
  config: Config;
  folder: string;
  clock: Clock;
  startedAt: string;
  log: RootLog;
  /** The newest lines of the log, oldest first. */
  logLines: LogLine[];
  bus: HubBus;
  secrets: SecretBox;
  sourceKinds: Map<string, SourceKind>;
  kinds: KindCatalog;
  settings: SettingsStore;
  history: History;
  sources: SourceBook;
  /** What had to be said at the start; it stays a problem until the next. */
  notices: string[];
  safety: Safety;
  dataFolder: DataFolder;
}

/** Opens it. Throws `disk-failed`, `data-folder-busy`, `settings-invalid`, `database-failed`. */
export async function openGround(options: HubOptions, teardown: Teardown): Promise<Ground> {
  const { config, clock = systemClock } = options;
  const folder = config.GLIMPSER_DATA;
  await makeFolder(folder);
  teardown.use('lock', await lockFolder(folder));
  const { log, logLines } = openLog(options);
  const bus = new Bus<Signals>((listener, signal, error) =>
    log.error(`${listener} failed at ${signal}`, { error }),
  );
  const secrets = createSecretBox(await readSecretKey(folder, config.SECRET_KEY));
  const sourceKinds = await loadKinds<SourceKind>(join(import.meta.dirname, '..', 'sources'));
  const kinds = createKindCatalog(sourceKinds);
  const dataFolder = await DataFolder.open({
    ...{ folder, clock, log: log.part('disk'), restart: options.restart },
    instance: () => settings.current.instance,
  });
  teardown.use('data folder', dataFolder);
  const settings: SettingsStore = await openSettings({
    file: join(folder, 'glimpser.json'),
    box: secrets,
    kinds,
    clock,
    bus,
    log,
    checkFolder: () => dataFolder.checkSame(),
  });
  teardown.use('settings', settings);
  const history = await openHistory(
    config.GLIMPSER_DATABASE_PATH ?? join(folder, 'history.db'),
    secrets,
    clock,
  );
  teardown.use('history', history);
  const notices = [...settings.notices, ...history.notices];
  for (const notice of notices) log.warning(notice);
  if (config.DATABASE_URL) log.warning('DATABASE_URL is set but not used yet: history is kept in SQLite.');
  const book = new StartBook({ file: join(folder, 'starts.json'), clock, log: log.part('starts') });
  return {
    ...{ config, folder, clock, log, logLines, bus, secrets, sourceKinds, kinds },
    ...{ settings, history, notices, dataFolder },
    startedAt: isoTime(clock.now()),
    sources: createSourceBook(settings, kinds),
    safety: new Safety({ book, bus, clock, log }),
  };
}

/** Throws `disk-failed` where nothing can be opened in it. */
async function makeFolder(folder: string): Promise<void> {
  const effect = 'Glimpser cannot start';
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(async thrown => {
    throw await diskFailure(thrown, folder, effect);
  });
  await checkWritable(folder, effect, LEAST_TO_START_BYTES);
}

function openLog({ config, writeLog }: HubOptions): { log: RootLog; logLines: LogLine[] } {
  const logLines: LogLine[] = [];
  const write = writeLog ?? terminalWriter(process.stdout);
  const log = createLog({
    level: fixedLogLevel(config)?.level ?? 'info',
    onLine(line) {
      logLines.push(line);
      if (logLines.length > LOG_LINES) logLines.shift();
    },
    ...(write ? { write } : {}),
  });
  return { log, logLines };
}
