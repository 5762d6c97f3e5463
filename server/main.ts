/** The program: reads the environment, starts the hub, says where it is, and stops it in order. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asGlimpserError } from '#base/errors.ts';
import { readConfig } from '#model/config.ts';
import { type Hub, startHub } from './hub.ts';

const STOP_DEADLINE_MS = 15_000;
/** What the hub writes – accounts, pictures – is for its own user alone. */
const UMASK = 0o077;

/** Options of the Home Assistant app, as variables of the environment. */
async function appOptions(): Promise<Record<string, string>> {
  const file = '/data/options.json';
  if (!process.env['SUPERVISOR_TOKEN'] || !existsSync(file)) return {};
  const options = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const given = Object.entries(options).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name.toUpperCase(), String(value)]));
}

async function readVariables(isDemo: boolean): Promise<Record<string, string | undefined>> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const variables = { ...(await appOptions()), ...process.env };
  if (isDemo) variables['GLIMPSER_DATA'] ??= './data-demo';
  return variables;
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function announce(hub: Hub): void {
  say(`listening on ${hub.url}`);
  if (hub.setupUrl)
    say('', '  First start. Create your account here (the link works once):', `  ${hub.setupUrl}`, '');
  else say('', `  Glimpser is ready: ${hub.url}`, '');
}

/** Stops the hub, then leaves the process; a second signal or the deadline leaves at once. */
async function leave(hub: Hub, exitCode: number, isRestart: boolean): Promise<void> {
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
  await hub.stop().catch((thrown: unknown) => {
    process.stderr.write(`${asGlimpserError(thrown).message}\n`);
    exitCode = 1;
  });
  if (isRestart && process.execve)
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
  process.exit(exitCode);
}

async function run(): Promise<void> {
  process.umask(UMASK);
  const isDemo = process.argv.includes('--demo');
  const config = readConfig(await readVariables(isDemo));
  const hub = await startHub({
    config: { ...config, GLIMPSER_DATA: resolve(config.GLIMPSER_DATA) },
    isDemo,
    restart: () => void leave(hub, 0, true),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void leave(hub, 0, false));
  }
  process.on('unhandledRejection', thrown => hub.log.error('A promise failed unheard', { error: thrown }));
  process.on('uncaughtException', thrown => {
    hub.log.error('An error nobody caught: stopping', { error: thrown });
    void leave(hub, 1, false);
  });
  announce(hub);
}

try {
  await run();
} catch (thrown) {
  process.stderr.write(`\nGlimpser did not start.\n${asGlimpserError(thrown).message}\n`);
  if (process.env['DEBUG'] && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  process.exitCode = 1;
}
