/** Installs missing programs by the system's package manager, one need at a time, never asking anything. */
import { isRunning, withRight } from './managers.mjs';
import { withServiceAsleep } from './service.mjs';

/**
 * @typedef {object} Installer
 * @property {import('./machine.mjs').Machine} machine
 * @property {import('./managers.mjs').Manager[]} managers the one to ask first in front
 * @property {import('./managers.mjs').Access} access
 * @property {import('./run.mjs').Run} run
 * @property {(line: string) => void} say
 */

/**
 * Tries to install each need; whether it worked is seen by looking for the program afterwards.
 * @param {import('./programs.mjs').Need[]} needs
 * @param {Installer} installer
 */
export async function installNeeds(needs, installer) {
  const refreshed = new Set();
  for (const need of needs) {
    for (const manager of installer.managers.filter(one => isRunning(one, installer.machine))) {
      if (await installBy(manager, need, installer, refreshed)) break;
    }
  }
}

/**
 * @param {import('./managers.mjs').Manager} manager
 * @param {import('./programs.mjs').Need} need
 * @param {Installer} installer
 * @param {Set<string>} refreshed managers whose lists were fetched in this run
 * @returns {Promise<boolean>}
 */
async function installBy(manager, need, installer, refreshed) {
  const choices = need.packages[manager.id] ?? [];
  if (choices.length > 0) installer.say(`Installing ${need.title} with ${manager.program}…`);
  if (await installChoice(manager, choices, need, installer)) return true;
  // Only now, because fetching the lists takes longer than most installations.
  if (choices.length === 0 || !manager.refresh || refreshed.has(manager.id)) return false;
  refreshed.add(manager.id);
  await runManager(manager, manager.refresh, installer);
  return installChoice(manager, choices, need, installer);
}

/**
 * @param {import('./managers.mjs').Manager} manager
 * @param {string[][]} choices
 * @param {import('./programs.mjs').Need} need
 * @param {Installer} installer
 */
async function installChoice(manager, choices, need, installer) {
  for (const packages of choices) {
    const names = packages.map(manager.exactly ?? String);
    const install = () => runManager(manager, [...manager.install, ...names], installer);
    const isQuiet = manager.id !== 'apt' || !need.service;
    const result = isQuiet
      ? await install()
      : await withServiceAsleep(need.service ?? '', installer, install);
    if (result.isOk) return true;
  }
  return false;
}

/**
 * @param {import('./managers.mjs').Manager} manager
 * @param {string[]} args
 * @param {Installer} installer
 */
function runManager(manager, args, { access, run, machine }) {
  const [program, allArgs, variables] = withRight(access, manager.program, args, manager.env);
  return run(program, allArgs, { env: { ...machine.env, ...variables } });
}

/**
 * One sentence: what is missing, what works without it, and the command that mends it.
 * @param {import('./programs.mjs').Need} need
 * @param {import('./managers.mjs').Manager[]} managers
 * @param {boolean} isRoot
 * @returns {string}
 */
export function missingSentence(need, managers, isRoot) {
  const manager = managers.findLast(({ id }) => need.packages[id]) ?? managers[0];
  const packages = manager && need.packages[manager.id]?.[0];
  const right = isRoot || manager?.isForUsers ? '' : 'sudo ';
  const byHand = need.variable ? ` or set ${need.variable} to one of yours` : '';
  const mend = packages ? `run \`${right}${manager.hint} ${packages.join(' ')}\`` : `install ${need.title}`;
  return `${need.title} is missing: without it there are no ${need.lost}, while ${need.stays} work; to mend it, ${mend}${byHand}.`;
}
