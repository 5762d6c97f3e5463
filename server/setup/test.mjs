/** `npm test [words…]`: prepares, checks types and lint, then runs the tests, or those whose path has one of the words. */
import { checkSources } from './checks.mjs';
import { ROOT } from './machine.mjs';
import { TEST_NEEDS } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { become } from './run.mjs';
import { runCommand } from './say.mjs';
import { chooseTests } from './test-files.mjs';

await runCommand(async () => {
  const words = process.argv.slice(2);
  const options = words.filter(word => word.startsWith('-'));
  const files = chooseTests(words.filter(word => !word.startsWith('-')));
  const node = await prepare({ needs: TEST_NEEDS, withUi: true });
  await checkSources(node);
  await become(node, ['--test', '--test-concurrency=3', ...options, ...files], ROOT);
});
