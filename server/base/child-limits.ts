/** Limits for child processes: how much memory one may take, and how far it stands back for others. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a child may take. */
export interface ChildLimits {
  /**
   * Memory of its own in MiB, files and libraries that it shares left out (RLIMIT_DATA). More is refused to it: it
   * ends, and the machine does not. 0 or unset: no limit. Ignored where `prlimit` of util-linux is missing.
   */
  memoryMiB?: number;
  /** How far it stands back, 1 to 19. Ignored where `nice` is missing. */
  nice?: number;
}

/** A program with its arguments. */
export interface CommandLine {
  file: string;
  args: readonly string[];
}

/** The command line under the limits, as far as this machine can hold them; each step becomes the next, with one pid. */
export function limited(
  command: CommandLine,
  { memoryMiB = 0, nice = 0 }: ChildLimits,
  searchPath = process.env['PATH'] ?? '',
): CommandLine {
  // What cannot be started is left as it is, so that the error names the program and not the limit.
  if ((memoryMiB <= 0 && nice <= 0) || !canRun(command.file)) return command;
  const bytes = Math.round(memoryMiB) * 1024 ** 2;
  const capped = memoryMiB > 0 ? within(command, 'prlimit', [`--data=${bytes}`], searchPath) : command;
  return nice > 0 ? within(capped, 'nice', ['-n', String(nice)], searchPath) : capped;
}

function within(
  command: CommandLine,
  name: string,
  options: readonly string[],
  searchPath: string,
): CommandLine {
  const program = find(name, searchPath);
  return program ? { file: program, args: [...options, command.file, ...command.args] } : command;
}

const found = new Map<string, string | undefined>();

/** Looked for once: children are started often. */
function find(name: string, searchPath: string): string | undefined {
  const key = `${name} ${searchPath}`;
  if (!found.has(key)) {
    const folders = searchPath.split(delimiter).filter(folder => folder !== '');
    found.set(
      key,
      folders.map(folder => join(folder, name)).find(file => canRun(file)),
    );
  }
  return found.get(key);
}

function canRun(file: string): boolean {
  if (!file.includes('/')) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
