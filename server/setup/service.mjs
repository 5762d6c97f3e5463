/** Keeps a service that comes with a Debian package from running: we want its program, not a daemon on its port. */
import { basename } from 'node:path';
import { withRight } from './managers.mjs';

/**
 * Installs while the unit is masked until the next boot, then leaves it installed but switched off.
 * The mask lies in /run, so that nothing stays behind even if this process is killed half-way.
 * @param {string} unit such as `mosquitto.service`
 * @param {import('./install.mjs').Installer} installer
 * @param {() => Promise<import('./run.mjs').RunResult>} install
 * @returns {Promise<import('./run.mjs').RunResult>}
 */
export async function withServiceAsleep(unit, { access, machine, run }, install) {
  /** @param {string[]} command */
  const admin = ([program = '', ...args]) => {
    const [right, rightArgs] = withRight(access, program, args);
    return run(right, rightArgs);
  };
  if (!machine.exists('/run/systemd/system')) {
    const result = await install();
    if (result.isOk) await putToSleepByInit(basename(unit, '.service'), machine, admin);
    return result;
  }
  await admin(['systemctl', 'mask', '--runtime', unit]);
  try {
    return await install();
  } finally {
    await admin(['systemctl', 'unmask', '--runtime', unit]);
    await admin(['systemctl', 'disable', '--now', unit]);
  }
}

/**
 * @param {string} name
 * @param {import('./machine.mjs').Machine} machine
 * @param {(command: string[]) => Promise<import('./run.mjs').RunResult>} admin
 */
async function putToSleepByInit(name, machine, admin) {
  const script = `/etc/init.d/${name}`;
  if (machine.exists(script)) await admin([script, 'stop']);
  if (machine.find(['update-rc.d'])) await admin(['update-rc.d', name, 'disable']);
}
