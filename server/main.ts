/** The program: reads the environment, starts the hub, says where it is, and stops it in order. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { asGlimpserError } from '#base/errors.ts';
import { readConfig } from '#model/config.ts';
import { type Hub, startHub } from './hub.ts';
import { readAppOptions } from './wiring/app-options.ts';
import { Ending } from './wiring/ending.ts';

const STOP_DEADLINE_MS = 15_000;
/** What the hub writes – accounts, pictures – is for its own user alone. */
const UMASK = 0o077;

async function readVariables(isDemo: boolean): Promise<Record<string, string | undefined>> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const isApp = Boolean(process.env['SUPERVISOR_TOKEN']);
  const variables = { ...(isApp ? await readAppOptions('/data/options.json') : {}), ...process.env };
  if (isDemo) variables['GLIMPSER_DATA'] ??= './data-demo';
  return variables;
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function complain(line: string, thrown: unknown): void {
  process.stderr.write(`${line}\n${asGlimpserError(thrown).message}\n`);
  if (process.env['DEBUG'] && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
}

function announce(hub: Hub): void {
  say(`listening on ${hub.url}`);
  const words = hub.setupUrl
    ? ['  First start. Create your account here (the link works once):', `  ${hub.setupUrl}`]
    : [`  Glimpser is ready: ${hub.url}`];
  // On a terminal log lines go on below: the link must not drown in them.
  const rule = process.stdout.isTTY ? ['─'.repeat(72)] : [];
  say('', ...rule, ...words, ...rule, '');
}

/** Hears what ends the process, from the first moment on; a second signal, or the deadline, ends it at once. */
function hearEnd(ending: Ending, hub: () => Hub | undefined): void {
  ending.signal.addEventListener('abort', () => {
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => ending.ask({ exitCode: 0, isRestart: false }));
  }
  const report = (line: string, thrown: unknown) => {
    const log = hub()?.log;
    if (log) log.error(line, { error: thrown });
    else complain(line, thrown);
  };
  process.on('unhandledRejection', thrown => report('A promise failed unheard', thrown));
  process.on('uncaughtException', thrown => {
    report('An error nobody caught: stopping', thrown);
    hub()?.crash(thrown);
    ending.ask({ exitCode: 1, isRestart: false });
  });
}

/** Undefined when the end was asked for meanwhile: then what had started is stopped again. */
async function start(ending: Ending): Promise<Hub | undefined> {
  const isDemo = process.argv.includes('--demo');
  const config = readConfig(await readVariables(isDemo));
  const restart = () => ending.ask({ exitCode: 0, isRestart: true });
  const { signal } = ending;
  try {
    const folder = resolve(config.GLIMPSER_DATA);
    return await startHub({ config: { ...config, GLIMPSER_DATA: folder }, isDemo, restart, signal });
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  }
}

async function run(): Promise<void> {
  process.umask(UMASK);
  const ending = new Ending();
  let hub: Hub | undefined;
  hearEnd(ending, () => hub);
  hub = await start(ending);
  if (hub) announce(hub);
  let { exitCode, isRestart } = await ending.asked;
  await hub?.stop().catch((thrown: unknown) => {
    complain('The hub did not stop in order.', thrown);
    exitCode = 1;
  });
  if (isRestart && process.execve)
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
  process.exit(exitCode);
}

try {
  await run();
} catch (thrown) {
  complain('\nGlimpser did not start.', thrown);
  process.exit(1);
}
