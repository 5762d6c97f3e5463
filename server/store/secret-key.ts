/** The key of the data folder: made at the first start, readable by its owner alone. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GlimpserError } from '#base/errors.ts';
import { randomToken } from '#base/secret.ts';

/** SECRET_KEY when it is set; else the key in the folder, made when there is none. */
export async function readSecretKey(folder: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const file = join(folder, 'secret.key');
  const stored = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw new GlimpserError('config-invalid', `${file} cannot be read: ${thrown.message}.`, {
      cause: thrown,
    });
  });
  if (stored !== undefined) return checked(stored.trim(), file);
  const made = randomToken();
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(file, 0o600);
  return made;
}

function checked(key: string, file: string): string {
  if (key.length >= 16) return key;
  throw new GlimpserError(
    'config-invalid',
    `${file} is damaged: the key is too short. Restore it from a backup. Without it stored passwords have to be entered again; then remove the file.`,
  );
}
