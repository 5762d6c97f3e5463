/** Carries commands out, whoever asked: REST, MQTT or a page. One place, so that an action means the same everywhere. */
import { formatDuration } from '#base/duration.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { CaptureReason } from '#model/capture.ts';
import type { Command, Commander } from '#model/command.ts';
import type { Frame } from '#model/frame.ts';
import type { PtzBook } from '#model/ptz.ts';
import { INTERVAL_MS } from '#model/schedule.ts';
import type { SourceBook, Watching } from '#model/services.ts';
import type { Preferences } from '#model/settings.ts';
import type { Source, SourceDraft } from '#model/source.ts';

/** What commands act upon. */
export interface CommanderParts {
  sources: SourceBook;
  watching: Pick<Watching, 'captureNow' | 'restart' | 'resetBackOff'>;
  ptz: Pick<PtzBook, 'goTo'>;
  changePreferences(change: Partial<Preferences>): Promise<void>;
  keep(frame: Frame, reason: CaptureReason): Promise<unknown>;
  /** The variable of the environment that fixes the log level, if one does. */
  logLevelFixedBy?: string | undefined;
  /** Ends the process so that its supervisor starts it again. */
  restartHub(): void;
  /** Looks at sources again. Throws `conflict` when the hub does not run in safe mode. */
  leaveSafeMode(): void;
  /** Writes a line to the audit. */
  record(entry: {
    who: string;
    whoId: string | null;
    action: string;
    target: string;
    detail: string;
  }): Promise<void>;
  log: Log;
}

/** Makes the one commander of a hub. */
export function createCommander(parts: CommanderParts): Commander {
  return async (command, who, whoId = null) => {
    await carryOut(command, parts);
    const target = 'sourceId' in command ? command.sourceId : 'hub';
    const detail = detailOf(command);
    parts.log.info(`${who}: ${command.do} ${target} ${detail}`.trimEnd());
    await parts.record({ who, whoId, action: command.do, target, detail });
  };
}

async function carryOut(command: Command, parts: CommanderParts): Promise<void> {
  switch (command.do) {
    case 'pause':
      return parts.changePreferences({ isPaused: command.isPaused });
    case 'set-log-level':
      if (parts.logLevelFixedBy !== undefined) throw fixedLevel(parts.logLevelFixedBy);
      return parts.changePreferences({ logLevel: command.level });
    case 'restart-hub':
      return parts.restartHub();
    case 'leave-safe-mode':
      return parts.leaveSafeMode();
    case 'enable':
      return change(parts.sources, command.sourceId, { enabled: command.isEnabled });
    case 'set-interval':
      return change(parts.sources, command.sourceId, { schedule: writtenInterval(command.ms) });
    case 'capture': {
      const frame = await parts.watching.captureNow(parts.sources.get(command.sourceId).id);
      await parts.keep(frame, 'request');
      return;
    }
    case 'reconnect': {
      const { id } = parts.sources.get(command.sourceId);
      parts.watching.resetBackOff(id);
      return parts.watching.restart(id);
    }
    case 'ptz-go':
      return parts.ptz.goTo(parts.sources.get(command.sourceId).id, command.preset);
  }
}

function fixedLevel(variable: string): GlimpserError {
  return new GlimpserError(
    'conflict',
    `The environment fixes the log level by ${variable}. Take it out of there (in Home Assistant: empty the option log_level of the app) and restart the hub; then the level can be set here.`,
  );
}

async function change(sources: SourceBook, id: string, part: Partial<Source>): Promise<void> {
  const { id: sameId, ...draft } = sources.get(id);
  await sources.replace(sameId, { ...draft, ...part } satisfies SourceDraft);
}

function writtenInterval(ms: number): string {
  if (Number.isFinite(ms) && ms >= INTERVAL_MS.min && ms <= INTERVAL_MS.max)
    return formatDuration(Math.round(ms));
  throw new GlimpserError(
    'body-invalid',
    'The interval must lie between 200ms and 7d. Send seconds, such as 10.',
  );
}

function detailOf(command: Command): string {
  const { do: action, ...rest } = command;
  const facts = Object.entries(rest).filter(([key]) => key !== 'sourceId');
  return facts.length === 0
    ? ''
    : `${action}: ${facts.map(([key, value]) => `${key}=${String(value)}`).join(', ')}`;
}
