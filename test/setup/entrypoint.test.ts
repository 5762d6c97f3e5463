/** The container's first process: it takes over the data folder, is no root any more, and checks its own health. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deviceGroups, handOver } from '#server/setup/user.mjs';

const setup = fileURLToPath(new URL('.', import.meta.resolve('#server/setup/entrypoint.mjs')));
const isRoot = process.getuid?.() === 0;
const onlyAsRoot = { skip: isRoot ? false : 'only root can give files away' };

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'glimpser-entry-'));
});
afterEach(() => rm(root, { recursive: true }));

interface Ended {
  code: number;
  output: string;
}
function runNode(script: string, env: Record<string, string>): Promise<Ended> {
  return new Promise(resolve => {
    execFile(process.execPath, [script], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}

/** A copy of the entry point beside a hub that tells who it is. */
async function makeApp(): Promise<string> {
  await chmod(root, 0o755);
  await mkdir(join(root, 'server', 'setup'), { recursive: true });
  for (const name of ['entrypoint.mjs', 'user.mjs', 'launch.mjs', 'machine.mjs'])
    await cp(join(setup, name), join(root, 'server', 'setup', name));
  await writeFile(
    join(root, 'server', 'main.ts'),
    `import { readFileSync, writeFileSync } from 'node:fs';
     const data: string = process.env['GLIMPSER_DATA'] ?? '';
     writeFileSync(data + '/made', '');
     let back = 'no way back';
     try { process.setuid?.(0); back = 'root again'; } catch { /* expected */ }
     console.log(process.getuid?.(), process.getgroups?.(), back, readFileSync(data + '/options.json', 'utf8'));`,
  );
  return join(root, 'server', 'setup', 'entrypoint.mjs');
}

async function makeData(): Promise<string> {
  const data = join(root, 'data');
  await mkdir(join(data, 'captures', 'door'), { recursive: true });
  await writeFile(join(data, 'captures', 'door', '1.jpg'), '');
  await writeFile(join(data, 'options.json'), '{}', { mode: 0o600 });
  return data;
}

test('started as root it hands over the data and goes on as a plain user for good', onlyAsRoot, async () => {
  const entrypoint = await makeApp();
  const data = await makeData();
  const { code, output } = await runNode(entrypoint, { GLIMPSER_DATA: data });
  assert.equal(output.trim(), '1000 [ 1000 ] no way back {}');
  assert.equal(code, 0);
  assert.equal((await lstat(join(data, 'captures', 'door', '1.jpg'))).uid, 1000);
});

test('started as a plain user it changes nothing', async () => {
  const entrypoint = await makeApp();
  const data = await makeData();
  const script = join(root, 'as-user.mjs');
  await writeFile(
    script,
    `if (process.getuid() === 0) { process.setgroups([1000]); process.setgid(1000); process.setuid(1000); } await import(${JSON.stringify(entrypoint)});`,
  );
  if (isRoot) handOver(data, 1000, 1000);
  const { output } = await runNode(script, { GLIMPSER_DATA: data });
  assert.match(output, /^\d+ \[.*\] no way back \{\}/);
});

test('only what is not yet the user’s is given away, and links are not followed', onlyAsRoot, async () => {
  const data = await makeData();
  const outside = join(root, 'outside');
  await writeFile(outside, '');
  await symlink(outside, join(data, 'link'));
  assert.equal(handOver(data, 1000, 1000), 6);
  assert.equal((await lstat(outside)).uid, 0);
  assert.equal((await lstat(join(data, 'link'))).uid, 1000);
  await writeFile(join(data, 'options.json'), '{}');
  await writeFile(join(data, 'new.json'), '{}');
  assert.equal(handOver(data, 1000, 1000), 1);
});

test('a data folder that cannot be given away stops the container with a sentence', onlyAsRoot, async () => {
  const entrypoint = await makeApp();
  await writeFile(join(root, 'file'), '');
  const { code, output } = await runNode(entrypoint, { GLIMPSER_DATA: join(root, 'file', 'data') });
  assert.equal(code, 1);
  assert.match(
    output,
    /could not be given to the user glimpser \(1000:1000\): .* Start the container with --user/,
  );
});

test('the health check tells a hub that lives from one that does not', async () => {
  let status = 200;
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const PORT = String((server.address() as AddressInfo).port);
  const script = join(setup, 'healthcheck.mjs');
  try {
    assert.deepEqual(await runNode(script, { PORT, HOST: '' }), { code: 0, output: '' });
    status = 503;
    assert.match((await runNode(script, { PORT, HOST: '127.0.0.1' })).output, /it answers 503/);
  } finally {
    await new Promise(resolve => server.close(resolve));
  }
  assert.equal((await runNode(script, { PORT, HOST: '127.0.0.1' })).code, 1);
  assert.deepEqual(asked, ['/healthz', '/healthz']);
});

test('the groups of devices are found, never that of root, and only of devices', async () => {
  await writeFile(join(root, 'video0'), 'no device');
  assert.deepEqual(deviceGroups([root, '/nowhere']), []);
  const { gid } = await lstat('/dev/tty');
  assert.deepEqual(deviceGroups(['/dev'], /^(tty|null)$/), gid === 0 ? [] : [gid]);
});
