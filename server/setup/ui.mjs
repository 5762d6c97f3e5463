/** Builds the web app when its sources are newer than the built one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, hashFiles, readJson, writeJson } from './stamp.mjs';

/** @param {string} root */
const stampPath = root => join(root, 'ui', 'dist', '.glimpser-stamp.json');

/** @param {string} root */
const wanted = root =>
  hashFiles(root, [
    ...filesUnder(join(root, 'ui'), ['dist', 'node_modules', 'README.md']),
    join(root, 'package-lock.json'),
  ]);

/**
 * Whether ui/dist was built from the sources as they are now.
 * @param {string} root
 * @returns {boolean}
 */
export function isUiBuilt(root) {
  if (!existsSync(join(root, 'ui', 'dist', 'index.html'))) return false;
  return readJson(stampPath(root))?.hash === wanted(root);
}

/**
 * Builds ui/dist. The hub works without it, so a failure is said and no more.
 * @param {string} root
 * @param {string} node
 * @param {import('./run.mjs').Run} run
 * @param {(line: string) => void} say
 */
export async function buildUi(root, node, run, say) {
  say('Building the web app…');
  const hash = wanted(root);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = await run(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'ui'),
    env: process.env,
  });
  if (result.isOk) {
    writeJson(stampPath(root), { hash });
    return;
  }
  say(result.tail);
  say(
    'The web app could not be built: its pages are missing or old, while the API, MQTT and the streams work; ' +
      'look at what is said above and run the same command again.',
  );
}
