/** The checks that need no running hub: types, and lint with format. */
import { join } from 'node:path';
import { ROOT } from './machine.mjs';
import { runVisibly } from './run.mjs';
import { SetupStop, say } from './say.mjs';

const CHECKS = [
  { what: 'types', script: 'typescript/bin/tsc', args: ['--noEmit'] },
  { what: 'lint and format', script: '@biomejs/biome/bin/biome', args: ['check'] },
];

/**
 * Runs every check, also after one failed, and stops when one did.
 * @param {string} node
 */
export async function checkSources(node) {
  const failed = [];
  for (const { what, script, args } of CHECKS) {
    say(`Checking ${what}…`);
    const path = join(ROOT, 'node_modules', ...script.split('/'));
    if (!(await runVisibly(node, [path, ...args], ROOT))) failed.push(what);
  }
  if (failed.length > 0) {
    throw new SetupStop(`The check of ${failed.join(' and of ')} failed; correct what is listed above.`);
  }
}
