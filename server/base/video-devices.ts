/** Cameras that are plugged into this machine (Video4Linux), with the names that they give themselves. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** A plugged-in camera. */
export interface VideoDevice {
  /** Such as `/dev/video0`. */
  path: string;
  /** A name that stays the same when cameras are plugged in anew; null where the system gives none. */
  stablePath: string | null;
  name: string;
}

/** The devices of this machine, in their order; empty where there are none. The folders are given by tests. */
export async function listVideoDevices(
  folder = '/dev',
  names = '/sys/class/video4linux',
  links = '/dev/v4l/by-id',
): Promise<VideoDevice[]> {
  const stable = await stablePaths(links);
  const files = await readdir(folder).catch(() => []);
  const found = files.filter(file => /^video\d{1,3}$/.test(file));
  const sorted = found.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  return Promise.all(
    sorted.map(async file => {
      const name = await readFile(join(names, file, 'name'), 'utf8').catch(() => '');
      const path = join(folder, file);
      return { path, stablePath: stable.get(path) ?? null, name: name.trim().slice(0, 80) || file };
    }),
  );
}

/** By the device that each of the links leads to. */
async function stablePaths(folder: string): Promise<Map<string, string>> {
  const links = (await readdir(folder).catch(() => [])).sort().map(file => join(folder, file));
  const pairs = links.map(async link => [await realpath(link).catch(() => link), link] as const);
  return new Map(await Promise.all(pairs));
}
