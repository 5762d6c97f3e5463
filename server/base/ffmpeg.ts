/** FFmpeg on this machine: found in PATH or by its path, started under supervision. */
import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, type ChildOptions, startChild } from './child.ts';
import type { ChildLimits } from './child-limits.ts';
import { GlimpserError } from './errors.ts';

const VERSION_MS = 10_000;
/**
 * Three times what the hungriest stream took that was tried: 500 MiB for 4K H.264 with 16 reference pictures and a
 * JPEG of each, 300 MiB for 4K H.265 (5.1.9). The hub itself comes first.
 */
const LIMITS: ChildLimits = { memoryMiB: 1500, nice: 5 };

/** A usable or missing FFmpeg. */
export interface Ffmpeg {
  /** Where it was found; undefined when it is missing. */
  readonly path: string | undefined;
  /** Its version, such as 5.1.9; undefined when it is missing or does not tell. */
  readonly version: string | undefined;
  /** Starts it, under limits unless the options name others. Throws `ffmpeg-missing` with the command that installs it. */
  start(args: readonly string[], options?: ChildOptions): Child;
}

/** Looks for FFmpeg once, at start. */
export async function findFfmpeg(
  explicitPath?: string,
  searchPath = process.env['PATH'] ?? '',
): Promise<Ffmpeg> {
  const path = await findProgram(explicitPath ?? 'ffmpeg', searchPath);
  const version = path ? await versionOf(path) : undefined;
  return {
    path,
    version,
    start(args, options) {
      if (path) return startChild(path, args, { ...LIMITS, ...options });
      const where = explicitPath ? `not at ${explicitPath} (FFMPEG_PATH)` : 'not installed';
      throw new GlimpserError(
        'ffmpeg-missing',
        `FFmpeg is ${where}, so there are no pictures. Install it, on Debian with: apt-get install ffmpeg. Then restart the hub.`,
      );
    },
  };
}

/** The full path of a program, by path or by name. */
export async function findProgram(name: string, searchPath: string): Promise<string | undefined> {
  const folders = searchPath.split(delimiter).filter(folder => folder !== '');
  const candidates = name.includes('/') ? [name] : folders.map(folder => join(folder, name));
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** A program that does not tell its version may work all the same, so that this never fails. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: VERSION_MS });
    return /^ffmpeg version (\S+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
