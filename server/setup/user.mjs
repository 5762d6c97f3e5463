/** Leaves root behind: hands a folder to a plain user, then becomes that user for good. */
import { lchownSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives a folder and what lies in it to a user. A subfolder that is the user's already is not opened,
 * so that a second start does not walk over every picture; links are never followed.
 * @param {string} path
 * @param {number} uid
 * @param {number} gid
 * @returns {number} how many files and folders changed hands
 */
export function handOver(path, uid, gid) {
  mkdirSync(path, { recursive: true });
  let handed = give(path, uid, gid) ? 1 : 0;
  for (const name of readdirSync(path)) {
    const entry = join(path, name);
    if (!give(entry, uid, gid)) continue;
    handed += 1 + (lstatSync(entry).isDirectory() ? handOver(entry, uid, gid) : 0);
  }
  return handed;
}

/** @param {string} path @param {number} uid @param {number} gid */
function give(path, uid, gid) {
  const { uid: owner, gid: group } = lstatSync(path);
  if (owner === uid && group === gid) return false;
  lchownSync(path, uid, gid);
  return true;
}

const VIDEO_DEVICES = /^(video\d+|renderD\d+|mpp_service)$/;

/**
 * The groups that may open cameras and graphics devices of this machine; never root's.
 * @param {string[]} [folders]
 * @param {RegExp} [names]
 * @returns {number[]}
 */
export function deviceGroups(folders = ['/dev', '/dev/dri'], names = VIDEO_DEVICES) {
  const paths = folders.flatMap(folder =>
    namesIn(folder)
      .filter(name => names.test(name))
      .map(name => join(folder, name)),
  );
  const devices = paths
    .map(path => statSync(path, { throwIfNoEntry: false }))
    .filter(found => found?.isCharacterDevice());
  return [...new Set(devices.flatMap(found => (found && found.gid !== 0 ? [found.gid] : [])))];
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Becomes a plain user for good; throws when a way back to root is left open.
 * @param {number} uid
 * @param {number} gid
 * @param {number[]} [groups] further groups
 */
export function becomeUser(uid, gid, groups = []) {
  if (!process.setgroups || !process.setgid || !process.setuid) throw new Error('This system has no users.');
  // The groups first: a plain user may not change them.
  process.setgroups([gid, ...groups.filter(group => group !== gid)]);
  process.setgid(gid);
  process.setuid(uid);
  if (process.getuid?.() !== uid || process.geteuid?.() !== uid) throw new Error('Still root.');
}
