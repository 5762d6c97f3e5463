/** The package managers that we know: how each refreshes its lists and installs without asking. */

/** @typedef {'apt' | 'dnf' | 'zypper' | 'pacman' | 'apk' | 'brew' | 'snap'} ManagerId */
/** @typedef {'root' | 'sudo' | 'none'} Access how we may install: as root, by sudo without a password, or not at all */

/**
 * @typedef {object} Manager
 * @property {ManagerId} id
 * @property {string} program
 * @property {string[]} install arguments before the packages' names
 * @property {string[]} [refresh] arguments that fetch the lists of packages
 * @property {string} hint what a person types before the packages' names
 * @property {Record<string, string>} [env] what keeps it from asking
 * @property {(name: string) => string} [exactly] names a package so that no other one is taken in its place
 * @property {boolean} [isForUsers] it is run by a plain user and refuses root
 */

const APT_PATIENCE = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2'];

/** @type {Manager[]} */
export const MANAGERS = [
  {
    id: 'apt',
    program: 'apt-get',
    refresh: [...APT_PATIENCE, 'update'],
    install: [...APT_PATIENCE, 'install', '-y', '--no-install-recommends'],
    hint: 'apt-get install',
    // Without a version, apt on Ubuntu takes a package that only tells people to install the snap.
    exactly: name => `${name}=*`,
    env: { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' },
  },
  { id: 'dnf', program: 'dnf', install: ['install', '-y'], hint: 'dnf install' },
  {
    id: 'zypper',
    program: 'zypper',
    refresh: ['--non-interactive', 'refresh'],
    install: ['--non-interactive', 'install', '--no-recommends'],
    hint: 'zypper install',
  },
  { id: 'pacman', program: 'pacman', install: ['-S', '--noconfirm', '--needed'], hint: 'pacman -S' },
  { id: 'apk', program: 'apk', refresh: ['update'], install: ['add'], hint: 'apk add' },
  { id: 'brew', program: 'brew', install: ['install'], hint: 'brew install', isForUsers: true },
];

const SNAP_SOCKET = '/run/snapd.socket';

/** Ubuntu has its browser only as a snap; used where the main manager has no such package. @type {Manager} */
export const SNAP = { id: 'snap', program: 'snap', install: ['install'], hint: 'snap install' };

/**
 * The managers of this machine, the one to ask first in front; on Ubuntu snap is named even if it does not run.
 * @param {import('./machine.mjs').Machine} machine
 * @returns {Manager[]}
 */
export function managersOf(machine) {
  const main = MANAGERS.find(manager => machine.find([manager.program]));
  const hasSnap = machine.distribution === 'ubuntu' || machine.exists(SNAP_SOCKET);
  return [main, main?.id === 'apt' && hasSnap ? SNAP : undefined].filter(manager => manager !== undefined);
}

/**
 * Whether a manager can install now.
 * @param {Manager} manager
 * @param {import('./machine.mjs').Machine} machine
 */
export const isRunning = (manager, machine) => manager.id !== 'snap' || machine.exists(SNAP_SOCKET);

/**
 * How this user may install. Asks sudo only when it matters, and never for a password.
 * @param {Manager | undefined} manager
 * @param {import('./machine.mjs').Machine} machine
 * @param {import('./run.mjs').Run} run
 * @returns {Promise<Access>}
 */
export async function accessTo(manager, machine, run) {
  if (!manager) return 'none';
  if (manager.isForUsers) return machine.isRoot ? 'none' : 'root';
  if (machine.isRoot) return 'root';
  if (!machine.find(['sudo'])) return 'none';
  return (await run('sudo', ['-n', 'true'])).isOk ? 'sudo' : 'none';
}

/**
 * A command line with the right in front: by sudo, the variables go through env(1).
 * @param {Access} access
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [variables]
 * @returns {[string, string[], Record<string, string>]} program, arguments, variables to add
 */
export function withRight(access, program, args, variables = {}) {
  if (access !== 'sudo') return [program, args, variables];
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ['sudo', ['-n', 'env', ...pairs, program, ...args], {}];
}
