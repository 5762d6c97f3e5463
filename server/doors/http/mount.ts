/** Puts routes into Express: admission, body, checks, then the route itself, then its answer. */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { GlimpserError, isAbort } from '#base/errors.ts';
import type { Identity } from '#model/user.ts';
import type { MediaAsked } from './accounts/identify.ts';
import type { Admission } from './admission.ts';
import { checkInput } from './check-input.ts';
import type { Inside } from './inside.ts';
import { isFromPage } from './peer.ts';
import type { Route } from './route.ts';

const readJson = express.json({ limit: 1_000_000, strict: true, type: 'application/json' });
const nothing = z.strictObject({});

/** Adds every route, and for each path a refusal of the methods that it does not have. */
export function mountRoutes(router: Router, door: Inside, admission: Admission): void {
  for (const route of door.routes) {
    router[route.method](route.path, (request, response) =>
      serve(route, { request, response, door, admission }),
    );
  }
  for (const [path, methods] of methodsByPath(door.routes)) router.all(path, refuseMethod(methods));
}

interface Served {
  request: Request;
  response: Response;
  door: Inside;
  admission: Admission;
}

async function serve(route: Route, { request, response, door, admission }: Served): Promise<void> {
  const identity = await admit(route, request, response, admission);
  const input = {
    params: route.params && checkInput(route.params, { ...request.params }, 'path'),
    query: checkQuery(route, request),
    body: await readBody(route, request, response),
  };
  // Who left meanwhile would never be heard to leave.
  if (response.destroyed) return;
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  try {
    const call = { ...input, identity, request, response, signal: leaving.signal, door };
    answer(route, response, await route.handle(call as never));
  } catch (thrown) {
    // Nobody is there to read what failed because they left.
    if (!(leaving.signal.aborted && isAbort(thrown))) throw thrown;
  }
}

async function admit(
  route: Route,
  request: Request,
  response: Response,
  admission: Admission,
): Promise<Identity | undefined> {
  if (route.media) response.set('Cross-Origin-Resource-Policy', 'cross-origin');
  try {
    const isShaped = 'width' in request.query || 'quality' in request.query;
    return await admission.admit(request, { ...route, asked: mediaAsked(route, request), isShaped });
  } catch (thrown) {
    const isNobody = thrown instanceof GlimpserError && thrown.code.startsWith('login-');
    // Players ask again with a login when they are told how; in a page it would open a window of the browser.
    if (route.media && isNobody && !isFromPage(request))
      response.set('WWW-Authenticate', 'Basic realm="Glimpser", charset="UTF-8"');
    throw thrown;
  }
}

function mediaAsked({ media }: Route, request: Request): MediaAsked | undefined {
  if (!media) return undefined;
  const { token } = request.query;
  return {
    what: media,
    sourceId: String(request.params['id']),
    token: typeof token === 'string' ? token : undefined,
  };
}

/** Players add words of their own to picture addresses; elsewhere an unknown word is a mistake. */
function checkQuery({ query, media }: Route, request: Request): unknown {
  if (query || !media) return checkInput(query ?? nothing, { ...request.query }, 'query');
  return undefined;
}

async function readBody(route: Route, request: Request, response: Response): Promise<unknown> {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!route.body || (!hasBody && route.isBodyOptional)) return undefined;
  if (route.raw) {
    // Every type: the bytes tell what they are.
    await runHandler(express.raw({ limit: route.raw.maxBytes, type: () => true }), request, response);
    return checkInput(route.body, request.body ?? Buffer.alloc(0), 'body');
  }
  if (hasBody && !request.is('application/json')) {
    throw new GlimpserError(
      'body-unreadable',
      'The body must be JSON, with the header content-type: application/json.',
    );
  }
  if (hasBody) await runHandler(readJson, request, response);
  return checkInput(route.body, request.body ?? {}, 'body');
}

function runHandler(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  handler(request, response, failure => (failure === undefined ? resolve() : reject(failure)));
  return promise;
}

function answer(route: Route, response: Response, value: unknown): void {
  const [status, shape] = Object.entries(route.answers)[0] ?? [];
  if (typeof shape === 'string') return;
  response.status(Number(status));
  if (shape === null) response.end();
  else response.set('Cache-Control', 'private, no-cache').json(value);
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const known = methods.get(path) ?? [];
    methods.set(path, [...known, ...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])]);
  }
  return methods;
}

function refuseMethod(methods: string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', methods.join(', '));
    throw new GlimpserError(
      'method-refused',
      `${request.path} does not take ${request.method}. It takes ${methods.join(', ')}.`,
    );
  };
}
