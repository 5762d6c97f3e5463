/** The end of the process at awkward moments: while the hub starts, and again right after a restart. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { spawnHub, startHubProcess } from '#test/peers/hub-process.ts';

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** A hub whose start waits for the file `go`: its FFmpeg does not tell its version before, and ends with the folder. */
async function startSlowly(t: TestContext) {
  const folder = await temporaryFolder(t);
  const [asked, go, ffmpeg] = ['asked', 'go', 'ffmpeg'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(
    ffmpeg,
    `#!/bin/sh\ntouch ${asked}\nwhile [ -e ${asked} ] && [ ! -e ${go} ]; do sleep 0.05; done\n`,
    {
      mode: 0o755,
    },
  );
  const child = spawnHub({ folder, env: { FFMPEG_PATH: ffmpeg } });
  t.after(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  child.stdout?.on('data', chunk => said.push(String(chunk)));
  child.stderr?.on('data', chunk => said.push(String(chunk)));
  await until('the start waits', () => isThere(asked));
  return { child, folder, go: () => writeFile(go, ''), said: () => said.join('') };
}

test('a signal during the start ends it in order, with everything closed', async t => {
  const { child, folder, go, said } = await startSlowly(t);
  child.kill('SIGTERM');
  await go();
  const [code, signal] = await once(child, 'exit');
  assert.deepEqual([code, signal, said()], [0, null, '']);
  await using next = await startHubProcess({ folder });
  assert.equal((await next.api<{ status: string }>('GET', 'healthz')).status, 'ok');
});

test('a second signal does not wait', async t => {
  const { child } = await startSlowly(t);
  child.kill('SIGTERM');
  await until('it is ended', () => {
    child.kill('SIGTERM');
    return child.signalCode === 'SIGTERM';
  });
});

test('a restart comes back as the same process on the same folder', async t => {
  await using hub = await startHubProcess({ folder: await temporaryFolder(t) });
  const listens = () => hub.lines.filter(line => line.startsWith('listening on ')).length;
  assert.equal(listens(), 1);
  await hub.api('POST', 'api/restart');
  await until('it listens again', () => listens() === 2);
  assert.equal(await hub.end('SIGTERM'), 0);
});
