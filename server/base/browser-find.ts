/** Finds the browser on this machine: a small headless shell first, full browsers after it. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { GlimpserError } from './errors.ts';

const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable'] as const;

/** Where the browser lies: the given path if it can be run, else the first in PATH; undefined when there is none. */
export function findBrowser(
  path: string | undefined,
  searchPath = process.env['PATH'] ?? '',
): string | undefined {
  if (path) return isProgram(path) ? path : undefined;
  const folders = searchPath.split(delimiter).filter(isAbsolute);
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(isProgram);
}

/** True for builds that know only the headless mode and take it by the old flag. */
export function isHeadlessShell(path: string): boolean {
  return path.includes('headless-shell') || path.includes('headless_shell');
}

/** The error for a machine without a browser. */
export function browserMissing(path: string | undefined): GlimpserError {
  const what = path
    ? `${path}, which CHROMIUM_PATH names, is not a program that can be run.`
    : 'Websites need a browser, and none was found.';
  const install =
    'Install it with “apt-get install chromium-headless-shell” (or chromium), or set CHROMIUM_PATH.';
  return new GlimpserError('browser-missing', `${what} ${install}`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
