/** WebSockets for movies: whoever may see the pictures of a source may watch it. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { MovieSockets } from '#doors/live/movie-sockets.ts';
import { requireOwnPage } from './accounts/same-origin.ts';
import { type Admission, requireRole } from './admission.ts';
import type { Inside } from './inside.ts';

const PATH = /^\/api\/stream\/([a-z0-9]{4,32})\/fmp4$/;

/** What a movie is taken with. */
export interface MovieUpgradeParts {
  door: Inside;
  admission: Admission;
  movies: MovieSockets;
}

/** The source whose movie an address is; undefined for any other address. */
export function movieSourceOf(path: string | undefined): string | undefined {
  return PATH.exec(path ?? '')?.[1];
}

/** Checks and takes a connection. Throws why it may not be. */
export async function takeMovie(
  request: IncomingMessage,
  wanted: { sourceId: string; token: string | undefined },
  { door, admission, movies }: MovieUpgradeParts,
  { socket, head }: { socket: Duplex; head: Buffer },
): Promise<void> {
  const { sourceId } = wanted;
  const asked = { what: 'fmp4' as const, ...wanted };
  const admitted = await admission.admit(request, { role: 'viewer', media: 'fmp4', asked });
  const identity = requireRole(admitted, 'viewer');
  requireOwnPage(request, identity, door.config.PUBLIC_URL);
  door.sight.pictures(identity, sourceId);
  if (socket.destroyed) return;
  movies.accept({
    ...{ request, socket, head, sourceId },
    opened: end =>
      door.vigil.add({
        end,
        async isAllowed() {
          const who = await door.identify(request, asked);
          return who !== undefined && door.sight.seesPicturesOf(who, sourceId);
        },
      }),
  });
}
