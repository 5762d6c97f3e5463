/** Addresses of pictures and streams below the hub's base. */
import { addressOf, socketAddressOf } from '#app/net/address.ts';
import type { MovieAddresses } from '#widgets/movie-support.ts';

/** The newest picture of a source. */
export function stillOf(sourceId: string, width: number): string {
  return addressOf(`api/stream/${sourceId}/snapshot.jpg?width=${width}`);
}

/** The live stream of a source in a modest size. */
export function streamOf(sourceId: string, fps: number, width: number): string {
  return addressOf(`api/stream/${sourceId}/mjpeg?fps=${fps}&width=${width}`);
}

/** A kept picture, as it is or as a thumbnail. */
export function captureOf(captureId: string, width?: number): string {
  return addressOf(`api/captures/${captureId}/picture${width === undefined ? '' : `?width=${width}`}`);
}

const movies = new Map<string, MovieAddresses>();

/** The movie of a source; the same object each time, so that what plays goes on playing. */
export function movieOf(sourceId: string): MovieAddresses {
  const known = movies.get(sourceId);
  if (known) return known;
  const path = `api/stream/${sourceId}`;
  const movie = { socket: socketAddressOf(`${path}/fmp4`), hls: addressOf(`${path}/hls/index.m3u8`) };
  movies.set(sourceId, movie);
  return movie;
}
