/** A yt-dlp for tests: knows the options of a version, writes down what it is told, and answers as a script says. */
import { readFile } from 'node:fs/promises';
import { fakeProgram } from '#test/fakes/fake-program.ts';

interface Ending {
  after(call: () => Promise<void>): void;
}

/** Options that the help of Debian's 2023.03.04 lists. */
export const OPTIONS_OF_2023 =
  '--ignore-config --no-exec --no-playlist --no-cache-dir --print --proxy --socket-timeout --no-warnings --batch-file';

/** A program, and the arguments of its starts beside those for help. */
export interface FakeYtDlp {
  path: string;
  starts(): Promise<string[]>;
}

/** Writes the program. `script` runs for everything but `--help`. */
export async function fakeYtDlp(t: Ending, script: string, options = OPTIONS_OF_2023): Promise<FakeYtDlp> {
  const help = `case "$*" in *--help*) for o in ${options}; do echo "    $o  words"; done; exit 0;; esac`;
  const path = await fakeProgram(t, 'yt-dlp', `${help}\n${script}`);
  return {
    path,
    async starts() {
      const said = await readFile(`${path}.said`, 'utf8').catch(() => '');
      return said.split('\n').filter(line => line !== '' && !line.includes('--help'));
    },
  };
}

/** A script that answers with an address. */
export function answering(
  url: string,
  { isLive = true, headers = {} as Record<string, string> } = {},
): string {
  return `echo '${isLive}'; echo '${JSON.stringify(headers)}'; echo '${url}'`;
}
