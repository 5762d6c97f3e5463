/** Law: package-lock.json is whole, so that `npm ci` works on every machine that can run the hub. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { REPOSITORY } from '#test/house/repository.ts';

interface Locked {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  resolved?: string;
  link?: boolean;
}

const lock = JSON.parse(await readFile(`${REPOSITORY}/package-lock.json`, 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Node's way of looking for a package: beside the one that asks, then further up. */
function isLocked(asking: string, name: string): boolean {
  for (let place = asking; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
    if (`${place}${place ? '/' : ''}node_modules/${name}` in lock.packages) return true;
    if (place === '') return false;
  }
}

test('the lock has every dependency that its packages name, those for other machines too', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter(name => !isLocked(path, name))
      .map(name => `${path || 'package.json'} needs ${name}`),
  );
  assert.deepEqual(missing, []);
});

test('the lock names no registry: everybody installs from their own', () => {
  const fixed = Object.entries(lock.packages).filter(
    ([, entry]) => !entry.link && entry.resolved?.includes('://'),
  );
  assert.deepEqual(fixed, []);
});
