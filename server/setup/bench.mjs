/** `npm run bench [name] [-- words…]`: runs one benchmark, or `all` of them; without a name it lists them. */
import { ROOT } from './machine.mjs';
import { BENCH_NEEDS } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { runVisibly } from './run.mjs';
import { runCommand, SetupStop, say } from './say.mjs';
import { listBenchmarks } from './test-files.mjs';

await runCommand(async () => {
  const [name, ...words] = process.argv.slice(2);
  const benchmarks = listBenchmarks();
  const names = [...benchmarks.keys()].join(', ') || 'none yet';
  if (name === undefined) {
    say(
      `Benchmarks: ${names}. Run one with \`npm run bench <name>\`, or every one with \`npm run bench all\`.`,
    );
    return;
  }
  const chosen =
    name === 'all' ? [...benchmarks.values()] : [benchmarks.get(name)].filter(path => path !== undefined);
  if (chosen.length === 0) throw new SetupStop(`There is no benchmark “${name}”; there are: ${names}.`);
  const node = await prepare({ needs: BENCH_NEEDS, withUi: true });
  for (const path of chosen) {
    if (!(await runVisibly(node, [path, ...words], ROOT))) throw new SetupStop(`${path} failed.`);
  }
});
