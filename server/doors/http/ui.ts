/** The web app: files as they were built, and for every other address its page with the prefix written in. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { pathPrefix } from './peer.ts';

const IMMUTABLE = /[/\\]assets[/\\]/;
const YEAR_MS = 365 * 86_400_000;

/** Serves the built app, or a page that says how to build it. */
export function serveUi(folder: string): Router {
  const router = Router();
  const page = servePage(folder);
  router.get(['/', '/index.html'], page);
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders(response, path) {
        // Names under assets/ carry a hash of their content; all else is asked for anew.
        const isForEver = IMMUTABLE.test(path.slice(folder.length));
        response.setHeader(
          'Cache-Control',
          isForEver ? `public, max-age=${YEAR_MS / 1000}, immutable` : 'no-cache',
        );
      },
    }),
  );
  router.use(onlyPages(page));
  return router;
}

/** Addresses inside the app are paths without an ending that a browser asks for as a page. */
function onlyPages(page: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const isPage = ['GET', 'HEAD'].includes(request.method) && !/\.[a-z0-9]{1,8}$/i.test(request.path);
    if (isPage && request.accepts('html')) page(request, response, next);
    else next();
  };
}

function servePage(folder: string): RequestHandler {
  return async (request, response) => {
    const built = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
    response.set('Cache-Control', 'no-cache').set('Vary', 'X-Ingress-Path, X-Forwarded-Prefix');
    response.status(built === undefined ? 503 : 200).type('html');
    response.send(withBase(built ?? NOT_BUILT, `${pathPrefix(request)}/`));
  };
}

/** The base of all relative addresses. The prefix was checked: it holds no letter that HTML knows. */
export function withBase(html: string, base: string): string {
  const tag = `<base href="${base}">`;
  const without = html.replace(/<base\s[^>]*>/i, '');
  return without.replace(/<head[^>]*>/i, head => `${head}\n    ${tag}`);
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Glimpser</title>
    <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark }</style>
  </head>
  <body>
    <h1>The web app is not built</h1>
    <p>The hub runs, but its pages are missing. Stop it and start it with <code>npm start</code>, which builds them, or run <code>npm run build --workspace ui</code> and load this page again.</p>
    <p>Cameras, MQTT and the API work without the pages.</p>
  </body>
</html>
`;
