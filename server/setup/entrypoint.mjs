/** The container's first process: takes over /data as root, becomes the user `glimpser`, then is the hub. */
import { becomeUser, deviceGroups, handOver } from './user.mjs';

/** The user and group `glimpser` of the image. */
const UID = 1000;
const GID = 1000;

/**
 * The Supervisor starts apps as root and gives them a /data that belongs to root, with a fresh options.json at
 * every start; a container that was started as a plain user (compose.yaml, --user) has nothing to give away.
 */
if (process.getuid?.() === 0) {
  const data = process.env['GLIMPSER_DATA'] || '/data';
  try {
    handOver(data, UID, GID);
    // Cameras and graphics devices belong to groups whose numbers differ from machine to machine.
    becomeUser(UID, GID, deviceGroups());
  } catch (error) {
    console.error(
      `${data} could not be given to the user glimpser (${UID}:${GID}): ${/** @type {Error} */ (error).message}. ` +
        `Start the container with --user ${UID}:${GID} and a ${data} that this user may write, ` +
        'or leave it the capabilities CHOWN, DAC_OVERRIDE, SETUID and SETGID.',
    );
    process.exit(1);
  }
}

await import('./launch.mjs');
