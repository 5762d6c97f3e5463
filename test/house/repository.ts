/** What the house laws read: the repository's root and the files that belong to it. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The repository's root folder. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const GENERATED = /(^|\/)(node_modules|dist|\.git|\.runtime|data|\.artifacts)(\/|$)/;

/** Files of the repository, relative to its root: by git where there is git, else by walking. */
export async function trackedFiles(): Promise<string[]> {
  const git = promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard'], { cwd: REPOSITORY });
  const listed = await git.then(
    ({ stdout }) => stdout.split('\n').filter(Boolean),
    () => readdir(REPOSITORY, { recursive: true }),
  );
  return listed.filter(file => !GENERATED.test(file));
}
