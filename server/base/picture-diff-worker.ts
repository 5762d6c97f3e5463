/** The thread that compares pictures: takes a job, answers it, waits for the next. */
import { parentPort } from 'node:worker_threads';
import { asGlimpserError } from './errors.ts';
import { diffPictures, type PictureDiff } from './picture-diff.ts';
import type { Box } from './picture-diff-regions.ts';

/** What the thread is asked. */
export interface DiffJob {
  before: Uint8Array;
  after: Uint8Array;
  ignore: readonly Box[];
}

/** What it answers: what changed, or why that cannot be said. */
export type DiffAnswer = { diff: PictureDiff } | { code: string; message: string };

parentPort?.on('message', (job: DiffJob) => void work(job).then(answer => parentPort?.postMessage(answer)));

async function work({ before, after, ignore }: DiffJob): Promise<DiffAnswer> {
  try {
    return { diff: await diffPictures(bufferOf(before), bufferOf(after), ignore) };
  } catch (thrown) {
    const { code, message } = asGlimpserError(thrown);
    return { code, message };
  }
}

/** Without copying. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
