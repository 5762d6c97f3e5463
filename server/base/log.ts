/** Structured logs by pino, one child logger per part, credentials redacted before they are written. */
import { type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { redact } from './redact.ts';

/** The levels that people can choose. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;

/** A level as people write it. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const PINO_LEVEL = { debug: 'debug', info: 'info', warning: 'warn', error: 'error' } as const;

/** What parts log to. */
export interface Log {
  debug(message: string, facts?: object): void;
  info(message: string, facts?: object): void;
  warning(message: string, facts?: object): void;
  error(message: string, facts?: object): void;
  /** A logger whose lines carry the part's name. */
  part(name: string): Log;
}

/** A log whose level can be changed while the hub runs. */
export interface RootLog extends Log {
  level: LogLevel;
}

/** One line of the log, as the ring in memory and the UI show it. */
export interface LogLine {
  at: string;
  level: LogLevel;
  part: string;
  message: string;
}

/** How the root log is made. */
export interface LogOptions {
  level: LogLevel;
  /** Where JSON lines go; standard output when unset. */
  write?: (line: string) => void;
  /** Told of every line, after redaction. */
  onLine?: (line: LogLine) => void;
}

/** Makes the hub's root log. */
export function createLog({ level, write, onLine }: LogOptions): RootLog {
  const options = { level: PINO_LEVEL[level], base: null, timestamp: stdTimeFunctions.isoTime };
  const root = write ? pino(options, { write }) : pino(options);
  const log = wrap(root, 'hub', onLine);
  return Object.defineProperty(log, 'level', {
    get: () => level,
    set: (next: LogLevel) => {
      level = next;
      root.level = PINO_LEVEL[next];
    },
  }) as RootLog;
}

function wrap(root: PinoLogger, part: string, onLine: LogOptions['onLine']): Log {
  const at = (level: LogLevel) => (message: string, facts?: object) => {
    if (!root.isLevelEnabled(PINO_LEVEL[level])) return;
    const clean = redact(message);
    root[PINO_LEVEL[level]]({ part, ...redactFacts(facts) }, clean);
    onLine?.({ at: new Date().toISOString(), level, part, message: clean });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    part: name => wrap(root, name, onLine),
  };
}

function redactFacts(facts: object | undefined): object {
  if (!facts) return {};
  const entries = Object.entries(facts).map(([key, value]) => {
    if (value instanceof Error) return [key, redact(value.stack ?? value.message)];
    return [key, typeof value === 'string' ? redact(value) : value];
  });
  return Object.fromEntries(entries);
}

/** A log that says nothing, for tests and dry runs. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  part: () => silentLog,
};
