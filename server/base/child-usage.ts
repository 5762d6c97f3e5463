/** What child processes take of the machine, read from /proc now and then while any of them runs. */
import { readFile } from 'node:fs/promises';
import type { Child } from './child.ts';
import type { Clock } from './clock.ts';

const EVERY_MS = 10_000;
/** Ticks of processor time a second, as Linux counts them for programs on every machine that Node runs on. */
const TICKS = 100;

/** What some children take together. */
export interface Usage {
  /** Processor time of the last seconds, in hundredths of one core. */
  cpuPercent: number;
  memoryMiB: number;
}

/** What one process has taken. */
export interface Reading {
  /** Processor time since its start, with that of its own children that have ended. */
  cpuSeconds: number;
  memoryMiB: number;
}

/** What a crew is made of. */
export interface CrewParts {
  clock: Clock;
  /** Told every ten seconds; undefined when the last child has ended. */
  told(usage: Usage | undefined): void;
  /** Reads one process; undefined when it has ended. Unset: from /proc, and nothing on systems without it. */
  read?: ReadProcess | undefined;
}

type ReadProcess = (pid: number) => Promise<Reading | undefined>;

/** Children that count together. Between the first and the last one a few small files are read, else nothing. */
export class Crew {
  readonly #parts: CrewParts;
  readonly #read: ReadProcess | undefined;
  /** Processor time that was counted already, by pid. */
  readonly #counted = new Map<number, number>();
  #round: { timer: Disposable; sinceMs: number } | undefined;
  #hasTold = false;

  constructor(parts: CrewParts) {
    this.#parts = parts;
    this.#read = parts.read ?? (process.platform === 'linux' ? readProcess : undefined);
  }

  get isEmpty(): boolean {
    return this.#counted.size === 0;
  }

  /** Counts a child for as long as it runs. */
  join({ pid, exited }: Pick<Child, 'pid' | 'exited'>): void {
    const read = this.#read;
    if (pid === undefined || !read) return;
    this.#counted.set(pid, 0);
    this.#round ??= this.#begin(read);
    const leave = () => this.#leave(pid);
    exited.then(leave, leave);
  }

  #leave(pid: number): void {
    this.#counted.delete(pid);
    if (!this.isEmpty) return;
    this.#round?.timer[Symbol.dispose]();
    this.#round = undefined;
    if (!this.#hasTold) return;
    this.#hasTold = false;
    this.#parts.told(undefined);
  }

  #begin(read: ReadProcess): { timer: Disposable; sinceMs: number } {
    const { clock } = this.#parts;
    return { timer: clock.after(EVERY_MS, () => void this.#measure(read)), sinceMs: clock.monotonic() };
  }

  async #measure(read: ReadProcess): Promise<void> {
    const round = this.#round;
    const pids = [...this.#counted.keys()];
    const readings = await Promise.all(pids.map(async pid => ({ pid, reading: await read(pid) })));
    // Meanwhile the last child may have ended, and another one begun.
    if (!round || round !== this.#round) return;
    this.#round = this.#begin(read);
    const seconds = (this.#round.sinceMs - round.sinceMs) / 1000;
    const usage = { cpuPercent: 0, memoryMiB: 0 };
    for (const { pid, reading } of readings) {
      const counted = this.#counted.get(pid);
      if (!reading || counted === undefined) continue;
      usage.cpuPercent += (100 * (reading.cpuSeconds - counted)) / seconds;
      usage.memoryMiB += reading.memoryMiB;
      this.#counted.set(pid, reading.cpuSeconds);
    }
    if (usage.memoryMiB === 0) return;
    this.#hasTold = true;
    this.#parts.told(usage);
  }
}

/** Reads a process of this user from /proc; undefined when it has ended. Never rejects. */
export async function readProcess(pid: number, root = '/proc'): Promise<Reading | undefined> {
  const [stat, memoryMiB] = await Promise.all([textOf(`${root}/${pid}/stat`), memoryOf(`${root}/${pid}`)]);
  // The name of the program, in parentheses, may hold anything.
  const ticks = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  if (ticks.length < 4 || memoryMiB === undefined) return undefined;
  return { cpuSeconds: ticks.reduce((sum, one) => sum + one, 0) / TICKS, memoryMiB };
}

/** Shared pages in parts (PSS) where that may be read, else all that is resident. */
async function memoryOf(folder: string): Promise<number | undefined> {
  const share = /^Pss:\s+(\d+) kB/m.exec(await textOf(`${folder}/smaps_rollup`));
  const found = share ?? /^VmRSS:\s+(\d+) kB/m.exec(await textOf(`${folder}/status`));
  return found ? Number(found[1]) / 1024 : undefined;
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
