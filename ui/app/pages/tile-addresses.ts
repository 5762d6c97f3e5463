/** Where the tiles of the wall get their pictures and where they lead. */
import { stillOf, streamOf } from '#app/addresses.ts';
import { movieFor } from '#app/hub/hub.ts';
import { linkTo } from '#app/navigate.ts';
import type { TileAddresses } from '#widgets/tile.ts';

const known = new Map<string, TileAddresses>();

/** The same object each time, so that tiles are not drawn again for nothing. */
export function tileAddresses(sourceId: string): TileAddresses {
  const movie = movieFor(sourceId);
  let addresses = known.get(sourceId);
  if (!addresses || addresses.movie !== movie) {
    addresses = {
      movie,
      still: stillOf(sourceId, 640),
      stream: streamOf(sourceId, 5, 640),
      page: linkTo({ page: 'source', id: sourceId, tab: 'pictures' }),
    };
    known.set(sourceId, addresses);
  }
  return addresses;
}
