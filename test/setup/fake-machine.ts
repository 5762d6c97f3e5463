/** A made-up machine and a made-up way to run programs, for the set-up's tests. */
import type { Machine } from '#server/setup/machine.mjs';
import type { RunResult } from '#server/setup/run.mjs';

/** A Linux PC of a plain user with nothing installed; `programs` and `paths` say what there is. */
export function fakeMachine(
  overrides: Partial<Machine> & { programs?: Iterable<string>; paths?: string[]; libraries?: string[] } = {},
): Machine {
  const { programs = [], paths = [], libraries = [], ...rest } = overrides;
  return {
    platform: 'linux',
    arch: 'x64',
    distribution: 'debian',
    env: {},
    isRoot: false,
    find: names => names.find(name => [...programs].includes(name)),
    exists: path => paths.includes(path),
    hasLibraryFile: path => libraries.includes(path),
    ...rest,
  };
}

/** Notes every command line and answers what `answer` says; by default everything succeeds. */
export function fakeRun(answer: (line: string) => boolean | string = () => true) {
  const lines: string[] = [];
  const environments: (Record<string, string | undefined> | undefined)[] = [];
  const run = async (
    program: string,
    args: string[],
    options: { cwd?: string; env?: Record<string, string | undefined> } = {},
  ): Promise<RunResult> => {
    const line = [program, ...args].join(' ');
    lines.push(line);
    environments.push(options.env);
    const verdict = answer(line);
    return typeof verdict === 'string' ? { isOk: false, tail: verdict } : { isOk: verdict, tail: '' };
  };
  return { run, lines, environments };
}
