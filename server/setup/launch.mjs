/** Runs the hub in this process (Node 24): lean memory, and what was compiled once is compiled for the next start too. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { ROOT } from './machine.mjs';

// Pictures lie outside the heap; the young generation holds only small things, and V8 would give it 16 times more.
setFlagsFromString('--max-semi-space-size=4');
setFlagsFromString('--min-semi-space-size=1');

// Where the folder cannot be written, such as in a read-only container, the start only takes longer.
enableCompileCache(process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, '.runtime', 'compile-cache'));

await import(new URL('../main.ts', import.meta.url).href);
