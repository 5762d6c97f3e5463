/** Runs other programs for the set-up: quietly with the end of their output kept, or in front of the user. */
import { spawn } from 'node:child_process';

/** How much of a quiet program's output is kept for the case that it fails. */
const KEPT_BYTES = 64_000;
/** Programs say what is wrong at the start or at the end, and help pages in between. */
const SHOWN_LINES = 12;

/**
 * @typedef {object} RunResult
 * @property {boolean} isOk whether it ended with exit code 0
 * @property {string} tail the first and last lines of what it said
 */

/**
 * The first and the last lines of a long output.
 * @param {string} output
 * @returns {string}
 */
export function excerpt(output) {
  const lines = output.trim().split('\n');
  if (lines.length <= 2 * SHOWN_LINES) return lines.join('\n');
  return [...lines.slice(0, SHOWN_LINES), '…', ...lines.slice(-SHOWN_LINES)].join('\n');
}

/**
 * Starts a quiet program and waits for it; a program that does not exist is a failure, not an exception.
 * @callback Run
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>}} [options]
 * @returns {Promise<RunResult>}
 */

/** @type {Run} */
export function runQuietly(program, args, options = {}) {
  return new Promise(resolve => {
    let tail = '';
    /** @param {Buffer} chunk */
    const keep = chunk => {
      tail = (tail + chunk.toString()).slice(-KEPT_BYTES);
    };
    const env = { ...(options.env ?? process.env), NO_COLOR: '1' };
    const child = spawn(program, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', error => resolve({ isOk: false, tail: error.message }));
    child.on('close', code => resolve({ isOk: code === 0, tail: excerpt(tail) }));
  });
}

/**
 * Runs a program on this terminal and tells whether it succeeded.
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<boolean>}
 */
export async function runVisibly(program, args, cwd) {
  const { code } = await startInFront(program, args, cwd);
  return code === 0;
}

/**
 * Runs a program in this one's place: signals go to it, and its end (code or signal) becomes ours.
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<void>}
 */
export async function become(program, args, cwd) {
  const { code, signal } = await startInFront(program, args, cwd);
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{code: number, signal: NodeJS.Signals | null}>}
 */
function startInFront(program, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: 'inherit' });
    /** @type {Map<NodeJS.Signals, () => void>} */
    const forwards = new Map();
    for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      // A terminal sends Ctrl-C to the whole group: the child has it already.
      const forward = () => void (signal === 'SIGINT' && process.stdin.isTTY ? 0 : child.kill(signal));
      forwards.set(signal, forward);
      process.on(signal, forward);
    }
    const settle = () => {
      for (const [signal, forward] of forwards) process.off(signal, forward);
    };
    child.on('error', error => {
      settle();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      settle();
      resolve({ code: code ?? 1, signal });
    });
  });
}

/**
 * How to start the npm that runs us, or the one on the PATH.
 * @param {Record<string, string | undefined>} env
 * @param {NodeJS.Platform} platform
 * @returns {[string, string[]]}
 */
export function npmCommand(env, platform) {
  const script = env['npm_execpath'];
  if (script?.endsWith('npm-cli.js')) return [process.execPath, [script]];
  return platform === 'win32' ? ['cmd', ['/c', 'npm']] : ['npm', []];
}
