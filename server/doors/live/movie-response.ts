/** A movie as one endless answer of HTTP, for players that read MP4 from an address. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '#base/clock.ts';
import type { Movie } from '#model/media.ts';
import { MovieWatcher } from './movie-watcher.ts';

/** The type of the answer. */
export const MOVIE_TYPE = 'video/mp4';

/** Takes a response over: sends headers and fragments until it is closed. */
export function sendMovie(response: ServerResponse, movie: Movie & Disposable, clock: Clock): void {
  response.writeHead(200, {
    'Content-Type': MOVIE_TYPE,
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.socket?.setNoDelay(true);
  response.write(movie.init);
  const watcher = new MovieWatcher(
    movie,
    {
      waitingBytes: () => response.writableLength,
      end: why => void (why === 'over' ? response.end() : response.destroy()),
      send: ({ bytes }) => void response.write(bytes),
    },
    clock,
  );
  response.once('close', () => {
    watcher[Symbol.dispose]();
    movie[Symbol.dispose]();
  });
}
