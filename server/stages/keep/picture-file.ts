/** Writes a picture whole or not at all: beside its place first, then renamed. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a file is called until it is whole. */
export const PART = '.part';

/** Writes a file so that it is whole on the disk before it has its name. */
export async function writeWhole(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o750 });
  const part = `${file}${PART}`;
  try {
    const handle = await open(part, 'wx', 0o640);
    try {
      await handle.writeFile(content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}
