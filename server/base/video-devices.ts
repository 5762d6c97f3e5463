/** Cameras that are plugged into this machine (Video4Linux), with the names that they give themselves. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A plugged-in camera. */
export interface VideoDevice {
  /** Such as `/dev/video0`. */
  path: string;
  name: string;
}

/** The devices of this machine, in their order; empty where there are none. The folders are given by tests. */
export async function listVideoDevices(
  folder = '/dev',
  names = '/sys/class/video4linux',
): Promise<VideoDevice[]> {
  const files = await readdir(folder).catch(() => []);
  const found = files.filter(file => /^video\d{1,3}$/.test(file));
  const sorted = found.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  return Promise.all(
    sorted.map(async file => {
      const name = await readFile(join(names, file, 'name'), 'utf8').catch(() => '');
      return { path: join(folder, file), name: name.trim().slice(0, 80) || file };
    }),
  );
}
