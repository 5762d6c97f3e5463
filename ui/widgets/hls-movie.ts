/** Plays a movie by HLS, where the browser does that by itself. */
import type { MovieEnd, PlayedMovie } from './played-movie.ts';

type Tracked = HTMLVideoElement & { audioTracks?: { length: number } };

/** Leaves all to a video element until it is stopped. */
export class HlsMovie implements PlayedMovie {
  readonly #video: Tracked;
  #isStopped = false;

  constructor(video: HTMLVideoElement, address: string, ended: (end: MovieEnd) => void) {
    this.#video = video;
    const fail = () => {
      if (this.#isStopped) return;
      this.stop();
      ended('failed');
    };
    video.onerror = fail;
    video.src = address;
    video.play().catch(fail);
  }

  get hasSound(): boolean {
    return (this.#video.audioTracks?.length ?? 0) > 0;
  }

  /** Segments carry no time of the hub. */
  behindMs(): undefined {
    return undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#video.onerror = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }
}
