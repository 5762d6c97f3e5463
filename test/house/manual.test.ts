/** Law: the manual explains every error code and every variable, and the README names what runs install scripts. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ERROR_CODES } from '#server/base/errors.ts';
import { environment } from '#server/model/config.ts';
import { REPOSITORY } from '#test/house/repository.ts';

const read = (file: string) => readFile(`${REPOSITORY}/${file}`, 'utf8');

test('each error code stands in the manual', async () => {
  const manual = await read('DOCS.md');
  for (const code of Object.keys(ERROR_CODES)) {
    assert.ok(manual.includes(`| \`${code}\` |`), `DOCS.md does not explain the error code ${code}`);
  }
});

test('each environment variable stands in the manual', async () => {
  const manual = await read('DOCS.md');
  for (const name of Object.keys(environment.shape)) {
    assert.ok(manual.includes(`\`${name}\``), `DOCS.md does not explain the variable ${name}`);
  }
});

interface LockedPackage {
  hasInstallScript?: boolean;
  dev?: boolean;
  optional?: boolean;
  peer?: boolean;
  license?: string;
}

test('no runtime dependency has an install script, except optional ones that the README names', async () => {
  const lock = JSON.parse(await read('package-lock.json')) as { packages: Record<string, LockedPackage> };
  const readme = await read('README.md');
  const runtime = Object.entries(lock.packages).filter(
    ([, locked]) => !locked.dev && locked.hasInstallScript,
  );
  for (const [path, locked] of runtime) {
    const name = path.replace(/^.*node_modules\//, '');
    assert.ok(locked.optional && readme.includes(name), `${name} has an install script`);
  }
});

test('the lock file names no registry host', async () => {
  assert.doesNotMatch(await read('package-lock.json'), /"resolved": "https?:/);
});
