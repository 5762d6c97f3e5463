/** What benchmarks read off a process, and how they say it. */
import { readdir, readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

/** Seconds of processor time that the threads of a process have used; the scheduler counts them in nanoseconds. */
export async function cpuSeconds(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const read = (thread: string) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
  const used = await Promise.all(threads.map(read));
  return used.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0) / 1e9;
}

/** Resident memory of a process in MiB. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

/** A process and everything that it started. */
export async function treeOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const read = (task: string) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
  const children = (await Promise.all(tasks.map(read))).join(' ').split(/\s+/).filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** Memory of processes in MiB, shared pages counted in parts (PSS). */
export async function shareMiB(pids: readonly number[]): Promise<number> {
  const read = (pid: number) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const rollups = await Promise.all(pids.map(read));
  return rollups.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0), 0) / 1024;
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The machine in one line. */
export function machine(): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  return `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}, ${process.platform}`;
}

/** A table with a head, columns aligned. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => (row[i] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
