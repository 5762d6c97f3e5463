/** A temporary folder that is gone after the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What both test and suite contexts offer. */
interface Ending {
  after(call: () => Promise<void>): void;
}

/** Makes the folder; it is removed when the test ends. */
export async function temporaryFolder(t: Ending): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glimpser-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
