/** `npm run check`: types, lint and format, and the laws of the house; no hub is started. */
import { checkSources } from './checks.mjs';
import { ROOT } from './machine.mjs';
import { prepare } from './prepare.mjs';
import { become } from './run.mjs';
import { runCommand } from './say.mjs';
import { chooseTests } from './test-files.mjs';

await runCommand(async () => {
  const node = await prepare({});
  await checkSources(node);
  await become(node, ['--test', ...chooseTests(['test/house/'])], ROOT);
});
