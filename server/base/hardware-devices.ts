/** The devices of this machine that decode video, and what is missing where there is none. */
import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HardwarePreset } from './ffmpeg-hardware.ts';

/** What a machine is asked; given by tests. */
export interface Machine {
  platform: NodeJS.Platform;
  /** Paths below /dev that may be decoders. */
  devices(): Promise<string[]>;
  mayOpen(device: string): Promise<boolean>;
}

/** This machine. */
export const thisMachine: Machine = {
  platform: process.platform,
  async devices() {
    const folders = ['/dev', '/dev/dri'];
    const found = await Promise.all(
      folders.map(async folder => (await readdir(folder).catch(() => [])).map(file => join(folder, file))),
    );
    return found
      .flat()
      .filter(path => ANY.some(shape => shape.test(path)))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  },
  mayOpen: device =>
    access(device, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
};

interface Need {
  device?: RegExp;
  platform?: NodeJS.Platform;
  /** Said where it is missing. */
  missing: string;
  /** Who may not open the device joins this group. */
  group: string;
  /** What FFmpeg is told of the device. */
  name: 'path' | 'number' | 'none';
}

const RENDERER = /^\/dev\/dri\/renderD\d+$/;
const NO_RENDERER =
  'This machine has no graphics device (/dev/dri/renderD128). In a container or virtual machine, pass it on.';

const NEEDS: Readonly<Record<HardwarePreset, Need>> = {
  vaapi: { device: RENDERER, missing: NO_RENDERER, group: 'render', name: 'path' },
  qsv: { device: RENDERER, missing: NO_RENDERER, group: 'render', name: 'path' },
  cuda: {
    device: /^\/dev\/(nvidia\d+|dxg)$/,
    missing: 'This machine has no NVIDIA card (/dev/nvidia0), or the container is not given it.',
    group: 'video',
    name: 'number',
  },
  v4l2m2m: {
    device: /^\/dev\/video\d+$/,
    missing: 'This machine has no video device (/dev/video10), as a Raspberry Pi up to 4 has.',
    group: 'video',
    name: 'none',
  },
  rkmpp: {
    device: /^\/dev\/mpp_service$/,
    missing: 'This machine has no Rockchip decoder (/dev/mpp_service).',
    group: 'video',
    name: 'none',
  },
  videotoolbox: { platform: 'darwin', missing: 'This is no Apple machine.', group: '', name: 'none' },
};

const ANY = Object.values(NEEDS).flatMap(({ device }) => device ?? []);

/** Where a preset can be tried: what FFmpeg is told of each device, undefined for its own choice; or why nowhere. */
export async function placesToTry(
  preset: HardwarePreset,
  machine: Machine,
): Promise<{ devices: Array<string | undefined> } | { reason: string }> {
  const { device, platform, missing, group, name } = NEEDS[preset];
  if (platform) return platform === machine.platform ? { devices: [undefined] } : { reason: missing };
  const found = (await machine.devices()).filter(path => device?.test(path));
  if (found.length === 0) return { reason: missing };
  const open = await Promise.all(found.map(async path => ((await machine.mayOpen(path)) ? path : undefined)));
  const usable = open.filter(path => path !== undefined);
  if (usable.length === 0) {
    return {
      reason: `This user may not open ${found[0]}. Add it to the group ${group}, then restart the hub.`,
    };
  }
  return { devices: name === 'none' ? [undefined] : usable.map(path => told(path, name)) };
}

function told(path: string, name: 'path' | 'number'): string {
  return name === 'path' ? path : (/\d+$/.exec(path)?.[0] ?? '0');
}
