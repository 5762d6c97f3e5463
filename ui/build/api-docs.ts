/** Puts the page of the API's documentation beside the app: Swagger UI's own files and a few of ours. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** What the page needs of swagger-ui-dist. Its install script and its telemetry stay behind. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'];
const OUR_FILES = ['index.html', 'docs.css', 'docs.js'];

/** Emits `docs/`; `ourFolder` holds our part of it. */
export function apiDocs(ourFolder: string): Plugin {
  return {
    name: 'glimpser-api-docs',
    apply: 'build',
    generateBundle() {
      const require = createRequire(import.meta.url);
      const swaggerFolder = dirname(require.resolve('swagger-ui-dist/package.json'));
      const files = [
        ...SWAGGER_FILES.map(name => [name, join(swaggerFolder, name)] as const),
        ...OUR_FILES.map(name => [name, join(ourFolder, name)] as const),
      ];
      for (const [name, path] of files) {
        this.emitFile({ type: 'asset', fileName: `docs/${name}`, source: readFileSync(path) });
      }
    },
  };
}
