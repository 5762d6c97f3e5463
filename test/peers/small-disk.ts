/** A disk of its own for a test: a small tmpfs that gets full, runs out of files, turns read-only and is pulled out. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BLOCK = Buffer.alloc(65_536, 1);

/** The disk. */
export interface SmallDisk {
  /** Where it is mounted. */
  folder: string;
  /** The same files, whatever happens to the folder. */
  store: string;
  /** Takes every byte that is left, or all but some. */
  fill(leaveMib?: number): Promise<void>;
  /** Takes every file that is left. */
  useUpFiles(): Promise<void>;
  /** Gives back what was taken. */
  free(): Promise<void>;
  /** Nothing new can be written; files that are open stay so. */
  makeReadOnly(): Promise<void>;
  makeWritable(): Promise<void>;
  /** Pulls it out, whoever uses it. */
  unplug(): Promise<void>;
  /** Puts it back in with all that is on it. */
  plug(): Promise<void>;
}

/** Mounts it until the test ends; undefined, with the test skipped, where mounting is not allowed. */
export async function mountSmallDisk(t: TestContext, mib = 24): Promise<SmallDisk | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'glimpser-test-disk-'));
  const [store, folder] = [join(root, 'store'), join(root, 'disk')];
  await mkdir(store);
  await mkdir(folder);
  t.after(async () => {
    // Each view of it may lie there twice; what is not mounted is not worth a word.
    for (const from of [folder, folder, store]) await run('umount', ['-l', from]).catch(() => undefined);
    await rm(root, { recursive: true, force: true });
  });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,nr_inodes=600,mode=700`, 'glimpser-test', store]);
  } catch (thrown) {
    t.skip(`this machine lets nobody mount a disk for a test: ${String(thrown).split('\n')[0]}`);
    return undefined;
  }
  const plug = async () => void (await run('mount', ['--bind', store, folder]));
  await plug();
  const ballast = join(store, 'ballast');
  return {
    folder,
    store,
    plug,
    unplug: async () => void (await run('umount', ['-l', folder])),
    async fill(leaveMib = 0) {
      await mkdir(ballast, { recursive: true });
      const handle = await open(join(ballast, 'bytes'), 'a');
      try {
        const { bavail, bsize } = await statfs(store);
        const size = (await handle.stat()).size + bavail * bsize - leaveMib * 1024 ** 2;
        for (let bytes = BLOCK.length; bytes >= 1; bytes = Math.floor(bytes / 2)) {
          while ((await handle.stat()).size + bytes <= size) {
            if (!(await fits(handle.write(BLOCK.subarray(0, bytes))))) break;
          }
        }
      } finally {
        await handle.close();
      }
    },
    async useUpFiles() {
      await mkdir(ballast, { recursive: true });
      let count = 0;
      while (await fits(writeFile(join(ballast, `file-${count++}`), '')));
    },
    free: () => rm(ballast, { recursive: true, force: true }),
    // A disk cannot be made read-only while files on it are open to be written; a read-only view over it can be laid.
    async makeReadOnly() {
      await plug();
      await run('mount', ['-o', 'remount,bind,ro', folder]);
    },
    makeWritable: async () => void (await run('umount', ['-l', folder])),
  };
}

async function fits(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw thrown;
  }
}
