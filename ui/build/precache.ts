/** Writes into the service worker which files it keeps for offline use; they carry a hash, so the list names a version. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Stands in sw.ts until the list is known. */
const PLACEHOLDER = '__PRECACHE__';

/** The part of a built file that the list needs. */
interface Built {
  fileName: string;
  type: 'asset' | 'chunk';
  code?: string;
  source?: string | Uint8Array;
}

/** Files that the app needs to start without a network: what was built, the page itself, and named public files. */
export function precache(publicFolder: string, publicFiles: readonly string[]): Plugin {
  return {
    name: 'glimpser-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk') throw new Error('sw.js was not built');
        const built = Object.values(bundle).filter(file => isKept(file.fileName));
        const contents = [
          ...built.map(file => [file.fileName, contentOf(file)] as const),
          ...publicFiles.map(name => [name, readFileSync(join(publicFolder, name))] as const),
        ];
        worker.code = worker.code.replace(PLACEHOLDER, JSON.stringify(JSON.stringify(listOf(contents))));
      },
    },
  };
}

function isKept(fileName: string): boolean {
  return fileName === 'index.html' || /^assets\/.*\.(js|css)$/.test(fileName);
}

function contentOf(file: Built): string | Uint8Array {
  return (file.type === 'chunk' ? file.code : file.source) ?? '';
}

/** What the worker reads: a version that changes with any content, and the paths below its scope. */
function listOf(contents: ReadonlyArray<readonly [string, string | Uint8Array]>): {
  version: string;
  paths: string[];
} {
  const hash = createHash('sha256');
  const sorted = contents.toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, content] of sorted) hash.update(name).update('\0').update(content).update('\0');
  const paths = sorted.map(([name]) => (name === 'index.html' ? '' : name));
  return { version: hash.digest('hex').slice(0, 12), paths };
}
