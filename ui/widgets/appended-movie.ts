/** Plays a movie by appending what the hub sends, always at the live edge. */
import { steer } from './live-edge.ts';
import { MovieSocket } from './movie-socket.ts';
import { sourceClass } from './movie-support.ts';
import type { MovieEnd, PlayedMovie } from './played-movie.ts';

/** Until the hub says what it will send: it wakes a camera that sleeps, and tells sooner when that fails. */
export const FIRST_WORD_MS = 45_000;
/** Between two pieces: then something is wrong that nobody told us. */
const NEXT_MS = 15_000;

/** Feeds a video element until it is stopped. */
export class AppendedMovie implements PlayedMovie {
  readonly #video: HTMLVideoElement;
  readonly #ended: (end: MovieEnd) => void;
  readonly #source: MediaSource;
  readonly #url: string;
  readonly #socket: MovieSocket;
  #type = '';
  #buffer: SourceBuffer | undefined;
  #waiting: ArrayBuffer[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;
  #isBegun = false;
  #isStopped = false;

  /** True when there is sound in it. */
  get hasSound(): boolean {
    return /mp4a|opus/.test(this.#type);
  }

  constructor(video: HTMLVideoElement, address: string, ended: (end: MovieEnd) => void) {
    this.#video = video;
    this.#ended = ended;
    this.#source = new (sourceClass() ?? MediaSource)();
    this.#source.onsourceopen = () => this.#open();
    // A managed source plays only where nothing can be cast, unless another address is given for that.
    video.disableRemotePlayback = true;
    this.#url = URL.createObjectURL(this.#source);
    video.src = this.#url;
    video.onerror = () => this.#end('failed');
    this.#socket = new MovieSocket(address, {
      type: type => this.#learn(type),
      piece: bytes => this.#take(bytes),
      closed: end => this.#end(end),
    });
    this.#wait(FIRST_WORD_MS);
  }

  /** How far behind the hub a picture of the movie is, in milliseconds; undefined while unknown. */
  behindMs(mediaTimeS: number, shownMs: number): number | undefined {
    return this.#socket.clock.behindMs(mediaTimeS * 1000, shownMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#patience);
    this.#socket.close();
    this.#waiting = [];
    this.#source.onsourceopen = null;
    this.#video.onerror = null;
    if (this.#buffer) this.#buffer.onupdateend = null;
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  #end(end: MovieEnd): void {
    if (this.#isStopped) return;
    this.stop();
    this.#ended(end);
  }

  #wait(ms: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#end('failed'), ms);
  }

  #learn(type: string): void {
    if (!sourceClass()?.isTypeSupported(type)) {
      this.#end('failed');
      return;
    }
    this.#wait(NEXT_MS);
    this.#type = type;
    this.#open();
  }

  /** Both the type and the source must be there, whichever comes first. */
  #open(): void {
    if (this.#buffer || this.#type === '' || this.#source.readyState !== 'open') return;
    this.#buffer = this.#source.addSourceBuffer(this.#type);
    this.#buffer.onupdateend = () => {
      this.#steer();
      this.#append();
    };
    this.#append();
  }

  #take(bytes: ArrayBuffer): void {
    this.#wait(NEXT_MS);
    this.#waiting.push(bytes);
    this.#append();
  }

  #append(): void {
    if (!this.#buffer || this.#buffer.updating || this.#waiting.length === 0) return;
    // One append for all that waits is far cheaper than one each, as after the first burst.
    const whole = joined(this.#waiting);
    this.#waiting = [];
    this.#try(buffer => buffer.appendBuffer(whole));
  }

  /** A full buffer or a source that was closed throws. */
  #try(work: (buffer: SourceBuffer) => void): void {
    if (!this.#buffer || this.#source.readyState !== 'open') return;
    try {
      work(this.#buffer);
    } catch {
      this.#end('failed');
    }
  }

  #steer(): void {
    const video = this.#video;
    const { buffered } = video;
    if (buffered.length === 0) return;
    const last = buffered.length - 1;
    const { leapTo, rate, trimTo } = steer({
      position: video.currentTime,
      start: buffered.start(last),
      end: buffered.end(last),
      rate: video.playbackRate,
      isBegun: this.#isBegun,
    });
    this.#isBegun = true;
    if (leapTo !== undefined) video.currentTime = leapTo;
    if (rate !== video.playbackRate) video.playbackRate = rate;
    if (trimTo !== undefined && trimTo > buffered.start(0)) this.#try(buffer => buffer.remove(0, trimTo));
    // A browser that paused the movie by itself, as for a tab out of sight, goes on when it is fed.
    if (video.paused) video.play().catch(() => this.#end('failed'));
  }
}

function joined(pieces: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.byteLength, 0));
  pieces.reduce((at, piece) => {
    whole.set(new Uint8Array(piece), at);
    return at + piece.byteLength;
  }, 0);
  return whole;
}
