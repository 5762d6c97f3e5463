/** A shell script in the place of a program. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ffmpeg, findFfmpeg } from '#server/base/ffmpeg.ts';
import { temporaryFolder } from './folder.ts';

interface Ending {
  after(call: () => Promise<void>): void;
}

/** Writes the script and answers its path; `$0.said` holds the arguments of every start, one line each. */
export async function fakeProgram(t: Ending, name: string, script: string): Promise<string> {
  const path = join(await temporaryFolder(t), name);
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$*" >> "$0.said"\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** An FFmpeg of this version that does what the script says for everything but `-version`. */
export async function fakeFfmpeg(t: Ending, script: string, version = '5.1.9'): Promise<Ffmpeg> {
  const told = `[ "$1" = -version ] && { echo "ffmpeg version ${version} Copyright"; exit 0; }`;
  return findFfmpeg(await fakeProgram(t, 'ffmpeg', `${told}\n${script}`));
}
