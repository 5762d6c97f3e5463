/** The Express application: what happens to every request, in order. */
import { randomBytes } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, Router } from 'express';
import { ERROR_CODES, GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Admission } from './admission.ts';
import type { Inside } from './inside.ts';
import { mountRoutes } from './mount.ts';
import { readFailure, sendProblem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { serveUi } from './ui.ts';

/** Makes the application; both listeners share it. */
export function createApp(door: Inside, admission: Admission): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(nameRequest, securityHeaders());
  const router = Router({ caseSensitive: true });
  mountRoutes(router, door, admission);
  app.use(router);
  app.use('/api', refuseUnknown);
  app.use(serveUi(door.uiFolder));
  app.use(refuseUnknown);
  app.use(reportFailure(door.log));
  return app;
}

const nameRequest: RequestHandler = (_request, response, next) => {
  response.locals['requestId'] = randomBytes(8).toString('hex');
  response.set('X-Request-Id', response.locals['requestId']);
  next();
};

const refuseUnknown: RequestHandler = request => {
  throw new GlimpserError(
    'not-found',
    `There is nothing at ${request.baseUrl}${request.path}.`.slice(0, 300),
  );
};

/** Express knows error handlers by their four parameters. */
function reportFailure(log: Log): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = readFailure(thrown);
    const requestId = String(response.locals['requestId']);
    const facts = { requestId, code: error.code, error: error.cause ?? error };
    const line = `${request.method} ${request.path}: ${error.message}`;
    if (ERROR_CODES[error.code].status >= 500) log.error(line, facts);
    else log.debug(line, { requestId, code: error.code });
    sendProblem(response, error, requestId);
  };
}
