/** Keeps node_modules equal to package-lock.json. */
import { join } from 'node:path';
import { npmCommand } from './run.mjs';
import { SetupStop } from './say.mjs';
import { hashFiles, readJson, writeJson } from './stamp.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {boolean} [peer]
 * @property {boolean} [link]
 */

/** @param {string} root */
const stampPath = root => join(root, 'node_modules', '.glimpser-stamp.json');

/**
 * What node_modules must have been made from: the lock file, on this kind of machine.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 */
const wanted = (root, machine) =>
  hashFiles(root, [join(root, 'package-lock.json')], [machine.platform, machine.arch]);

/**
 * Whether the packages that the lock names are installed.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 * @returns {boolean}
 */
export function arePackagesInstalled(root, machine) {
  return readJson(stampPath(root))?.hash === wanted(root, machine);
}

/**
 * Installs the packages of package-lock.json, or finds that somebody's own `npm install` did so already.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 * @param {import('./run.mjs').Run} run
 * @param {(line: string) => void} say
 */
export async function installPackages(root, machine, run, say) {
  const lock = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages ?? {};
  if (!doesMatch(lock, installed)) {
    say('Installing npm packages…');
    const [program, args] = npmCommand(machine.env, machine.platform);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
    const result = await run(program, [...args, 'ci', ...flags], { cwd: root });
    if (!result.isOk) throw new SetupStop(packagesSentence, result.tail);
  }
  writeJson(stampPath(root), { hash: wanted(root, machine) });
}

const packagesSentence =
  'The npm packages could not be installed, and nothing works without them; look at what npm says above, ' +
  'then run `npm ci --ignore-scripts` here.';

/**
 * Whether every package of the lock is installed in its version; optional ones depend on the machine.
 * @param {Record<string, LockedPackage>} lock `packages` of package-lock.json
 * @param {Record<string, LockedPackage>} installed `packages` of node_modules/.package-lock.json
 * @returns {boolean}
 */
export function doesMatch(lock, installed) {
  const names = Object.keys(lock).filter(name => name.includes('node_modules/'));
  if (names.length === 0) return false;
  return names.every(name => {
    const want = lock[name] ?? {};
    const have = installed[name];
    if (!have) return Boolean(want.optional || want.devOptional || want.peer);
    return have.version === want.version && have.integrity === want.integrity;
  });
}
