/** Builds the app into ui/dist: every address relative, the service worker and the API's documentation beside it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { apiDocs } from './build/api-docs.ts';
import { precache } from './build/precache.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Public files that the app needs to start without a network. */
const SHELL_FILES = ['icon.svg', 'icons/signs.svg', 'icons/192.png', 'manifest.webmanifest'];

export default defineConfig({
  base: './',
  publicDir: here('app/public'),
  plugins: [apiDocs(here('app/docs')), precache(here('app/public'), SHELL_FILES)],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: here('index.html'), sw: here('app/sw.ts') },
      output: {
        entryFileNames: chunk => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
