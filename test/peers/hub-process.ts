/** The real hub as its own process on free ports, with a client that is logged in as its first admin. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { REPOSITORY } from '#test/house/repository.ts';

/** How the hub is started. */
export interface HubProcessOptions {
  folder: string;
  env?: Record<string, string>;
  args?: string[];
}

/** A running hub. */
export interface HubProcess extends AsyncDisposable {
  pid: number;
  /** With a slash at the end. */
  url: string;
  /** The one-time link of the first start. */
  setupUrl: string | undefined;
  /** Lines of standard output so far. */
  lines: string[];
  /** Asks the API as admin; throws for what is no success. */
  api<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Resolves with the exit code when it has ended. */
  ended: Promise<number | null>;
  /** Ends it by a signal and waits; answers the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const API_KEY = 'a-key-for-tests-only';

/** Starts it and waits until it listens. */
export async function startHubProcess(options: HubProcessOptions): Promise<HubProcess> {
  const child = spawnHub(options);
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface({ input: readable(child.stderr) }).on('line', line => errors.push(line));
  const listening = Promise.withResolvers<string>();
  createInterface({ input: readable(child.stdout) }).on('line', line => {
    lines.push(line);
    if (line.includes('Glimpser is ready') || line.includes('/setup?token=')) listening.resolve(line);
  });
  ended.then(
    () => listening.reject(new Error(`the hub ended: ${[...errors, ...lines.slice(-5)].join('\n')}`)),
    listening.reject,
  );
  await listening.promise;
  const url = /listening on (\S+)/.exec(lines.join('\n'))?.[1] ?? '';
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    url,
    setupUrl: /(\S+\/setup\?token=\S+)/.exec(lines.join('\n'))?.[1],
    lines,
    ended: ended.then(() => child.exitCode),
    end,
    api: (method, path, body) => ask(url, method, path, body),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

/** A start that is expected to fail: its exit code and what it said. */
export async function startHubInVain(
  options: HubProcessOptions,
): Promise<{ code: number | null; said: string }> {
  const child = spawnHub(options);
  const said: string[] = [];
  readable(child.stderr).on('data', chunk => said.push(String(chunk)));
  readable(child.stdout).resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.join('') };
}

/** Starts it and waits for nothing. */
export function spawnHub({ folder, env, args = [] }: HubProcessOptions): ChildProcess {
  return spawn(process.execPath, ['server/setup/launch.mjs', ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      MQTT_BROKER_PORT: '0',
      RTSP_PORT: '0',
      GLIMPSER_DATA: folder,
      API_KEY,
      CHROMIUM_NO_SANDBOX: '1',
      ...env,
    },
  });
}

function readable<T>(stream: T | null): T {
  if (stream === null) throw new TypeError('The hub was started without its pipes.');
  return stream;
}

async function ask<Answer>(url: string, method: string, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'x-api-key': API_KEY, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return (isJson ? JSON.parse(text) : text) as Answer;
}
