/** Which tests and benchmarks there are, and which of them somebody asked for. */
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ROOT } from './machine.mjs';
import { SetupStop } from './say.mjs';
import { filesUnder } from './stamp.mjs';

/**
 * The test files whose path (`test/base/bus.test.ts`) holds one of the words; all of them without words.
 * @param {string[]} words
 * @param {string} [root]
 * @returns {string[]} paths below the root
 */
export function chooseTests(words, root = ROOT) {
  const all = listFiles(root, 'test', '.test.ts');
  const paths = words.map(word => word.replace(/^\.\//, ''));
  const unknown = paths.find(word => !all.some(path => path.includes(word)));
  if (unknown !== undefined) {
    throw new SetupStop(
      `No test has “${unknown}” in its path; try a folder of test/, such as \`npm test house\`.`,
    );
  }
  return paths.length === 0 ? all : all.filter(path => paths.some(word => path.includes(word)));
}

/**
 * The benchmarks by name: `mjpeg` is test/bench/mjpeg.bench.ts.
 * @param {string} [root]
 * @returns {Map<string, string>}
 */
export function listBenchmarks(root = ROOT) {
  const paths = listFiles(root, 'test/bench', '.bench.ts');
  return new Map(paths.map(path => [path.slice('test/bench/'.length, -'.bench.ts'.length), path]));
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} ending
 */
function listFiles(root, folder, ending) {
  const place = join(root, folder);
  if (!existsSync(place)) return [];
  return filesUnder(place, ['node_modules'])
    .filter(path => path.endsWith(ending))
    .map(path => relative(root, path).split(sep).join('/'));
}
