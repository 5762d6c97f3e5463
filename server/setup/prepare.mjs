/** Brings a bare checkout to the point where it can run; when nothing is missing it only looks. */
import { join } from 'node:path';
import { installNeeds, missingSentence } from './install.mjs';
import { withLock } from './lock.mjs';
import { ROOT, thisMachine } from './machine.mjs';
import { accessTo, managersOf } from './managers.mjs';
import { fetchNode, nodeProgram } from './node.mjs';
import { arePackagesInstalled, installPackages } from './packages.mjs';
import { isMet } from './programs.mjs';
import { runQuietly } from './run.mjs';
import { say } from './say.mjs';
import { readJson, writeJson } from './stamp.mjs';
import { buildUi, isUiBuilt } from './ui.mjs';

/** An installation that failed is not tried again at every start. */
const TRY_AGAIN_AFTER_MS = 24 * 60 * 60_000;

/**
 * Prepares and returns the Node that runs our TypeScript.
 * @param {{needs?: import('./programs.mjs').Need[], withUi?: boolean}} wanted
 * @returns {Promise<string>}
 */
export async function prepare({ needs = [], withUi = false }) {
  const machine = thisMachine();
  const isReady = () =>
    arePackagesInstalled(ROOT, machine) && nodeProgram(ROOT, machine) && (!withUi || isUiBuilt(ROOT));
  const isMissing = () => needs.some(need => !isMet(need, machine));
  if (!isReady() || isMissing()) {
    await withLock(
      join(ROOT, '.runtime', 'setup.lock'),
      () => workAll([makeReady(machine, withUi), installMissing(needs, machine)]),
      { say },
    );
  }
  return nodeProgram(ROOT, machine) ?? process.execPath;
}

/**
 * Waits for all, also when one fails: a package manager must not be left alone half-way.
 * @param {Promise<void>[]} works
 */
async function workAll(works) {
  const failed = (await Promise.allSettled(works)).find(result => result.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/**
 * @param {import('./machine.mjs').Machine} machine
 * @param {boolean} withUi
 */
async function makeReady(machine, withUi) {
  if (!arePackagesInstalled(ROOT, machine)) await installPackages(ROOT, machine, runQuietly, say);
  if (!nodeProgram(ROOT, machine)) await fetchNode(ROOT, machine, runQuietly, say);
  const node = nodeProgram(ROOT, machine) ?? process.execPath;
  if (withUi && !isUiBuilt(ROOT)) await buildUi(ROOT, node, runQuietly, say);
}

/**
 * Installs what is missing, then says one sentence for each thing that still is.
 * @param {import('./programs.mjs').Need[]} needs
 * @param {import('./machine.mjs').Machine} machine
 */
async function installMissing(needs, machine) {
  const missing = needs.filter(need => !isMet(need, machine));
  if (missing.length === 0) return;
  const managers = managersOf(machine);
  const access = await accessTo(managers[0], machine, runQuietly);
  const path = join(ROOT, '.runtime', 'tried.json');
  const tried = readJson(path) ?? {};
  const due = access === 'none' ? [] : missing.filter(need => isDue(tried[need.id], Date.now()));
  if (due.length > 0) {
    await installNeeds(due, { machine, managers, access, run: runQuietly, say });
    for (const need of due) tried[need.id] = Date.now();
    writeJson(path, tried);
  }
  for (const need of missing.filter(one => !isMet(one, machine))) {
    say(missingSentence(need, managers, machine.isRoot));
  }
}

/**
 * Whether to try an installation (again).
 * @param {number | undefined} triedAt
 * @param {number} now
 * @returns {boolean}
 */
export const isDue = (triedAt, now) => triedAt === undefined || !(now - triedAt < TRY_AGAIN_AFTER_MS);
