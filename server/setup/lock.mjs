/** A lock folder with a process id in it, so that two set-ups in one checkout do not work at the same time. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A set-up takes minutes; a lock older than this belongs to a process that died and whose id was given away. */
const STALE_AFTER_MS = 30 * 60_000;
/** Between making the folder and writing the id, the folder is empty for a moment. */
const EMPTY_FOR_MS = 2_000;

/**
 * Does `work` while holding the lock; waits for another live holder, takes over from a dead one.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @param {{say?: (line: string) => void, isAlive?: (pid: number) => boolean, waitMs?: number}} [options]
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, options = {}) {
  const { say = () => undefined, isAlive = isProcessAlive, waitMs = 300 } = options;
  mkdirSync(dirname(folder), { recursive: true });
  let hasSaid = false;
  while (!take(folder)) {
    const holder = holderOf(folder, isAlive);
    if (holder === 'gone') {
      remove(folder);
      continue;
    }
    if (!hasSaid) say(`Another set-up is at work here (process ${holder}); waiting for it.`);
    hasSaid = true;
    await sleep(waitMs);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'pid'), String(process.pid));
  return true;
}

/**
 * The living holder's process id, or that there is none.
 * @param {string} folder
 * @param {(pid: number) => boolean} isAlive
 * @returns {number | 'gone' | 'unknown'}
 */
function holderOf(folder, isAlive) {
  try {
    const ageMs = Date.now() - statSync(folder).mtimeMs;
    if (ageMs > STALE_AFTER_MS) return 'gone';
    const pid = Number(readPid(folder));
    if (!pid) return ageMs > EMPTY_FOR_MS ? 'gone' : 'unknown';
    // Our own id in a lock that we do not hold is left from an earlier process, as in a restarted container.
    return pid !== process.pid && isAlive(pid) ? pid : 'gone';
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return 'gone';
    throw error;
  }
}

/** @param {string} folder */
function readPid(folder) {
  try {
    return readFileSync(join(folder, 'pid'), 'utf8');
  } catch {
    return '';
  }
}

/** Renaming first lets only one of several waiting processes remove a dead lock. @param {string} folder */
function remove(folder) {
  const aside = `${folder}.${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** @param {number} pid */
function isProcessAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
