/** When npm packages are installed, and when not. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { arePackagesInstalled, doesMatch, installPackages } from '#server/setup/packages.mjs';
import { npmCommand } from '#server/setup/run.mjs';
import { fakeMachine, fakeRun } from '#test/setup/fake-machine.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'glimpser-packages-'));
});
afterEach(() => rm(root, { recursive: true }));

const wanted = {
  '': {},
  server: {},
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b-win': { version: '2.0.0', optional: true },
};
const installed = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

async function writeLock(packages: object): Promise<void> {
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}
async function writeInstalled(packages: object): Promise<void> {
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}

test('what is installed must have the version and content of the lock; optional packages may be absent', () => {
  assert.ok(doesMatch(wanted, installed));
  assert.ok(!doesMatch(wanted, {}));
  assert.ok(!doesMatch(wanted, { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }));
  assert.ok(!doesMatch(wanted, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-other' } }));
  assert.ok(!doesMatch(wanted, { ...installed, 'node_modules/b-win': { version: '1.0.0' } }));
  assert.ok(!doesMatch({}, {}), 'a lock without packages is no reason to be content');
});

test('a bare clone is installed once by npm ci, without scripts; then a stamp says so', async () => {
  await writeLock(wanted);
  const machine = fakeMachine();
  const { run, lines } = fakeRun();
  assert.ok(!arePackagesInstalled(root, machine));
  await mkdir(join(root, 'node_modules'));
  await installPackages(root, machine, run, () => undefined);
  assert.match(lines.join(), /npm ci --ignore-scripts --no-audit --no-fund/);
  assert.ok(arePackagesInstalled(root, machine));
});

test('a changed lock, or another kind of machine, is noticed', async () => {
  await writeLock(wanted);
  await writeInstalled(installed);
  const machine = fakeMachine();
  await installPackages(root, machine, fakeRun().run, () => undefined);
  assert.ok(arePackagesInstalled(root, machine));
  assert.ok(!arePackagesInstalled(root, fakeMachine({ arch: 'arm64' })));
  await writeLock({ ...wanted, 'node_modules/c': { version: '1.0.0' } });
  assert.ok(!arePackagesInstalled(root, machine));
});

test('packages that somebody installed by hand are not installed again', async () => {
  await writeLock(wanted);
  await writeInstalled(installed);
  const { run, lines } = fakeRun();
  await installPackages(root, fakeMachine(), run, assert.fail);
  assert.deepEqual(lines, []);
});

test('npm that fails stops the start with a sentence and what npm said, and leaves no stamp', async () => {
  await writeLock(wanted);
  const { run } = fakeRun(() => 'npm error code ENOTFOUND');
  const work = installPackages(root, fakeMachine(), run, () => undefined);
  await assert.rejects(work, { name: 'SetupStop', message: /nothing works without them/, tail: /ENOTFOUND/ });
  assert.ok(!arePackagesInstalled(root, fakeMachine()));
});

test('the npm that started us is used again; another tool is not mistaken for it', () => {
  const script = '/usr/lib/node_modules/npm/bin/npm-cli.js';
  assert.deepEqual(npmCommand({ npm_execpath: script }, 'linux'), [process.execPath, [script]]);
  assert.deepEqual(npmCommand({ npm_execpath: '/usr/bin/pnpm.cjs' }, 'linux'), ['npm', []]);
  assert.deepEqual(npmCommand({}, 'win32'), ['cmd', ['/c', 'npm']]);
});
