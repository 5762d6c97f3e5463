/** WebSockets: the same admission as every route, and for browsers a proof that our own page asks. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERROR_CODES, GlimpserError } from '#base/errors.ts';
import { randomToken } from '#base/secret.ts';
import type { MovieSockets } from '#doors/live/movie-sockets.ts';
import type { LiveSockets } from '#doors/live/websocket.ts';
import { requireOwnPage } from './accounts/same-origin.ts';
import { type Admission, requireRole } from './admission.ts';
import type { Inside } from './inside.ts';
import { problemOf, readFailure } from './problem.ts';
import { movieSourceOf, takeMovie } from './upgrade-movie.ts';

/** Where live updates are told. */
const PATH = '/api/live';

/** What a server calls for a request to change the protocol. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** Who talks by WebSocket. */
export interface Sockets {
  live: LiveSockets;
  movies: MovieSockets;
}

/** Makes the one taker of WebSockets. Never rejects. */
export function takeUpgrades(door: Inside, admission: Admission, sockets: Sockets): UpgradeHandler {
  return async (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      await take(request, { door, admission, sockets }, { socket, head });
    } catch (thrown) {
      refuse(socket, readFailure(thrown));
    }
  };
}

async function take(
  request: IncomingMessage,
  { door, admission, sockets }: { door: Inside; admission: Admission; sockets: Sockets },
  { socket, head }: { socket: Duplex; head: Buffer },
): Promise<void> {
  const url = URL.parse(request.url ?? '', 'http://hub');
  const sourceId = movieSourceOf(url?.pathname);
  if (sourceId !== undefined) {
    const token = url?.searchParams.get('token') ?? undefined;
    const parts = { door, admission, movies: sockets.movies };
    return takeMovie(request, { sourceId, token }, parts, { socket, head });
  }
  if (url?.pathname !== PATH) {
    throw new GlimpserError('not-found', `WebSockets are taken at ${PATH} and /api/stream/{id}/fmp4 only.`);
  }
  let identity = requireRole(await admission.admit(request, { role: 'viewer' }), 'viewer');
  requireOwnPage(request, identity, door.config.PUBLIC_URL);
  if (socket.destroyed) return;
  sockets.live.accept({
    ...{ request, socket, head },
    who: () => identity,
    after: readAfter(url.searchParams.get('after')),
    opened: end =>
      door.vigil.add({
        end,
        async isAllowed() {
          identity = requireRole(await door.identify(request), 'viewer');
          return true;
        },
      }),
  });
}

/** The last number that a client saw. */
export function readAfter(text: string | null | undefined): number | undefined {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function refuse(socket: Duplex, error: GlimpserError): void {
  const { status } = ERROR_CODES[error.code];
  const body = JSON.stringify(problemOf(error, randomToken().slice(0, 16)));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
