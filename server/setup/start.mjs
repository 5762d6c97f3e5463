/** `npm start`: prepares what is missing, then runs the hub. Words after `--` go to the hub. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './machine.mjs';
import { prepare } from './prepare.mjs';
import { HUB_NEEDS } from './programs.mjs';
import { become } from './run.mjs';
import { runCommand } from './say.mjs';

await runCommand(async () => {
  const launch = join(ROOT, 'server', 'setup', 'launch.mjs');
  const node = await prepare({ needs: HUB_NEEDS, withUi: true });
  if (node === process.execPath) await import(pathToFileURL(launch).href);
  else await become(node, [launch, ...process.argv.slice(2)], process.cwd());
});
