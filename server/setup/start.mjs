/** `npm start`: prepares what is missing, then runs the hub. Words after `--` go to the hub. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './machine.mjs';
import { prepare } from './prepare.mjs';
import { HUB_NEEDS } from './programs.mjs';
import { become } from './run.mjs';
import { runCommand } from './say.mjs';

await runCommand(async () => {
  const main = join(ROOT, 'server', 'main.ts');
  const node = await prepare({ needs: HUB_NEEDS, withUi: true });
  if (node === process.execPath) await import(pathToFileURL(main).href);
  else await become(node, [main, ...process.argv.slice(2)], process.cwd());
});
