/** A real Mosquitto on a loopback port, without persistence, with the limits that tests ask for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How the broker behaves. */
export interface MosquittoOptions {
  /** Unset: a free one. */
  port?: number;
  /** Unset: everybody may connect. */
  login?: { username: string; password: string };
  maxPacketBytes?: number;
  /** Lines of its access list, such as `topic read glimpser/#`. Unset: everything is allowed. */
  access?: string[];
}

/** A running broker. */
export interface Mosquitto extends AsyncDisposable {
  port: number;
  url: string;
  /** Topics of messages that it did not take, one entry for each message. */
  readonly denied: string[];
}

/** Starts Mosquitto and waits until it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'));
  const lines = [`listener ${port} 127.0.0.1`, 'persistence false', 'log_dest stderr', 'log_type all'];
  if (process.getuid?.() === 0) lines.push('user root');
  if (options.maxPacketBytes) lines.push(`max_packet_size ${options.maxPacketBytes}`);
  lines.push(`allow_anonymous ${options.login === undefined}`);
  if (options.login) lines.push(`password_file ${await writePasswords(folder, options.login)}`);
  if (options.access) {
    lines.push(`acl_file ${join(folder, 'access')}`);
    await writeFile(join(folder, 'access'), `${options.access.join('\n')}\n`, { mode: 0o600 });
  }
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, lines.join('\n'));
  const child = spawn('mosquitto', ['-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const denied: string[] = [];
  try {
    await isListening(child, denied);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { port, url: `mqtt://127.0.0.1:${port}`, denied, [Symbol.asyncDispose]: stop };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

async function writePasswords(
  folder: string,
  login: { username: string; password: string },
): Promise<string> {
  const file = join(folder, 'passwords');
  const hash = spawn('mosquitto_passwd', ['-c', '-b', file, login.username, login.password], {
    stdio: 'ignore',
  });
  await once(hash, 'exit');
  await chmod(file, 0o600);
  return file;
}

async function isListening(child: ChildProcess, denied: string[]): Promise<void> {
  if (!child.stderr) throw new Error('no output');
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', reject);
  child.once('exit', () => reject(new Error(`mosquitto ended: ${said.join('\n')}`)));
  createInterface({ input: child.stderr }).on('line', line => {
    if (said.length < 50) said.push(line);
    const topic = /Denied PUBLISH from .*?'([^']+)'/.exec(line)?.[1];
    if (topic) denied.push(topic);
    if (/mosquitto version .* running/.test(line)) resolve();
  });
  await promise;
}
