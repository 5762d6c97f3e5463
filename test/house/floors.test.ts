/** Law: imports go down and never sideways. Each rule of Biome refuses a sentence that breaks it, and allows its neighbour. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { REPOSITORY } from '#test/house/repository.ts';

/** A place, what may not be imported there, and what may. */
const RULES: Array<[place: string, refused: string[], allowed: string[]]> = [
  [
    'server/base',
    ['#model/source.ts', '#store/users.ts', '#doors/http/door.ts'],
    ['#base/bus.ts', 'node:fs'],
  ],
  [
    'server/model',
    ['#store/users.ts', 'node:dns', 'node:dns/promises', 'node:fs', 'node:tls', 'node:worker_threads'],
    ['#base/bus.ts', '#model/source.ts', 'node:util'],
  ],
  [
    'server/store',
    ['#sources/kind.ts', '#entities/kind.ts', '#stages/keep/keep.ts', '#doors/http/door.ts'],
    ['#model/source.ts', '#base/bus.ts', './users.ts', 'node:fs'],
  ],
  [
    'server/sources',
    ['./rtsp.ts', '#sources/rtsp.ts', '#store/users.ts', '#stages/watch/watch.ts', '#entities/kind.ts'],
    ['./kind.ts', '#sources/kind.ts', '#base/ffmpeg.ts'],
  ],
  [
    'server/entities/website',
    [
      './title.ts',
      '#entities/camera/camera.ts',
      '#entities/website/title.ts',
      '#sources/kind.ts',
      '#store/users.ts',
    ],
    ['#entities/kind.ts', '#model/state.ts'],
  ],
  [
    'server/stages/keep',
    ['#stages/watch/watch.ts', '#sources/rtsp.ts', '#entities/kind.ts', '#doors/http/door.ts'],
    ['#sources/kind.ts', '#store/users.ts', './shelf.ts'],
  ],
  [
    'server/doors/http/routes',
    ['#stages/watch/watch.ts', '#sources/kind.ts', '#sources/rtsp.ts'],
    ['#doors/http/door.ts', '#entities/kind.ts', '#store/users.ts'],
  ],
  ['server/wiring', [], ['#doors/http/door.ts', '#stages/keep/keep.ts', '#store/users.ts']],
  [
    'ui/widgets',
    ['#app/hub/hub.ts', '@awesome.me/webawesome/dist/webawesome.js'],
    ['#widgets/age.ts', 'lit'],
  ],
  ['ui/app/pages', [], ['#app/hub/hub.ts', '#widgets/age.ts', '@awesome.me/webawesome/dist/webawesome.js']],
];

/** Nobody climbs by dots, and the hub does not come back to itself by the name that others use. */
const HUB_WIDE = ['../base/bus.ts', '@glimpser/server/store/users.ts', '#test/fakes/clock.ts'];

interface Report {
  diagnostics: Array<{ category: string; location: { path: string | { file: string } } }>;
}

/** The files that Biome refuses for what they import. */
async function refusedOf(folder: string): Promise<Set<string>> {
  const args = ['lint', '--only=style/noRestrictedImports', '--vcs-enabled=false', '--max-diagnostics=none'];
  const biome = join(REPOSITORY, 'node_modules', '.bin', 'biome');
  const report = await new Promise<string>(resolve =>
    execFile(biome, [...args, '--reporter=json', '.'], { cwd: folder }, (_, stdout) => resolve(stdout)),
  );
  const { diagnostics } = JSON.parse(report.slice(report.indexOf('{'))) as Report;
  const broken = diagnostics.filter(({ category }) => category === 'lint/style/noRestrictedImports');
  return new Set(broken.map(({ location: { path } }) => (typeof path === 'string' ? path : path.file)));
}

test('imports go down, never up, never sideways', async t => {
  const folder = await temporaryFolder(t);
  await copyFile(join(REPOSITORY, 'biome.json'), join(folder, 'biome.json'));
  const expected = new Map<string, { isRefused: boolean; said: string }>();
  for (const [place, refused, allowed] of RULES) {
    const sentences = [
      ...[...refused, ...(place.startsWith('server/') ? HUB_WIDE : ['../x.ts'])].map(
        from => [from, true] as const,
      ),
      ...allowed.map(from => [from, false] as const),
    ];
    for (const [index, [from, isRefused]] of sentences.entries()) {
      const file = `${place}/sentence-${index}.ts`;
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), `import { a } from '${from}';\n\nexport const b = a;\n`);
      expected.set(file, { isRefused, said: `${from} in ${place}` });
    }
  }
  const refused = await refusedOf(folder);
  for (const [file, { isRefused, said }] of expected) assert.equal(refused.has(file), isRefused, said);
});
