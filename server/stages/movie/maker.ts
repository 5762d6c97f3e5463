/** Makes the movie of one stream: waits for what a beginning needs, then writes fragments until it changes. */
import type { Clock } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { MediaStream, MediaTaker, MediaTrack, MediaUnit, Movie } from '#model/media.ts';
import { AudioLine, audioCodingOf } from './audio-line.ts';
import { type Lines, Muxer } from './muxer.ts';
import { Reel } from './reel.ts';
import { UnitJoiner } from './unit-joiner.ts';
import { VideoLine, videoCodingOf } from './video-line.ts';

/** A camera may list sound and send none; a player would wait for it for ever. */
const SOUND_WAIT_MS = 1000;
/** Until a stream must have sent its first key picture. */
export const START_MS = 20_000;

/** What a movie is made with. */
export interface MakerParts {
  clock: Clock;
  log: Log;
  /** For sentences. */
  name: string;
}

/** Takes units and gives a movie. */
export class MovieMaker implements MediaTaker, Disposable {
  readonly #parts: MakerParts;
  readonly #lines: Lines;
  readonly #reel: Reel;
  readonly #opened = Promise.withResolvers<Movie>();
  readonly #late: Disposable;
  readonly #joiner: UnitJoiner;
  #place: Disposable | undefined;
  #soundLate: Disposable | undefined;
  /** Units since the first key unit, while the beginning is not written. */
  #waiting: MediaUnit[] = [];
  #muxer: Muxer | undefined;
  #isOver = false;

  /** Throws `no-movie` for a stream without video that browsers play. */
  constructor(stream: MediaStream, parts: MakerParts) {
    this.#parts = parts;
    this.#lines = linesOf(stream.tracks, parts.name);
    this.#joiner = new UnitJoiner(this.#lines.video.line.track);
    this.#reel = new Reel(parts.log);
    this.#late = parts.clock.after(START_MS, () =>
      this.#fail('source-silent', 'sent no key picture in 20 s'),
    );
    this.#opened.promise.catch(() => undefined);
    this.#place = stream.take(this);
    if (this.#isOver) this.#place[Symbol.dispose]();
  }

  /** Resolves when the beginning is known. */
  get opened(): Promise<Movie> {
    return this.#opened.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  unit(unit: MediaUnit): void {
    const isVideo = unit.track === this.#lines.video.index;
    for (const whole of isVideo ? this.#joiner.take(unit) : [unit]) this.#take(whole);
  }

  end(): void {
    this.#fail('source-ended', 'stopped sending');
  }

  [Symbol.dispose](): void {
    this.#fail('source-ended', 'is no longer watched');
  }

  #take(unit: MediaUnit): void {
    if (this.#isOver) return;
    if (this.#muxer) this.#write(this.#muxer, unit);
    else this.#wait(unit);
  }

  #wait(unit: MediaUnit): void {
    const { video, audio } = this.#lines;
    if (unit.track === video.index && unit.isKey) this.#waiting = [];
    else if (this.#waiting.length === 0) return;
    this.#waiting.push(unit);
    const isHeard = !audio || this.#waiting.some(({ track }) => track === audio.index);
    if (isHeard) this.#begin();
    else
      this.#soundLate ??= this.#parts.clock.after(SOUND_WAIT_MS, () => {
        this.#lines.audio = undefined;
        this.#begin();
      });
  }

  #begin(): void {
    const [first] = this.#waiting;
    if (!first || this.#muxer || this.#isOver) return;
    try {
      const description = this.#lines.video.line.describe(first);
      if (description) this.#open(new Muxer(this.#lines, description, first.atMs));
      else this.#waiting = [];
    } catch (thrown) {
      this.#fail('source-broken', 'sends video that cannot be read', thrown);
    }
  }

  #open(muxer: Muxer): void {
    this.#muxer = muxer;
    this.#late[Symbol.dispose]();
    this.#soundLate?.[Symbol.dispose]();
    const units = this.#waiting;
    this.#waiting = [];
    for (const unit of units) if (!this.#isOver) this.#write(muxer, unit);
    const { type, init } = muxer;
    this.#opened.resolve({ type, init, take: taker => this.#reel.take(taker) });
  }

  #write(muxer: Muxer, unit: MediaUnit): void {
    const made = muxer.read(unit);
    if (made === 'over') this.end();
    else if (made) this.#reel.put(made);
  }

  #fail(code: 'source-silent' | 'source-ended' | 'source-broken', what: string, cause?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#late[Symbol.dispose]();
    this.#soundLate?.[Symbol.dispose]();
    this.#place?.[Symbol.dispose]();
    const why = cause instanceof Error ? ` (${cause.message})` : '';
    const sentence = `${this.#parts.name} ${what}${why}. MJPEG may still work; see the log of the source.`;
    this.#opened.reject(new GlimpserError(code, sentence, { cause }));
    this.#reel.end();
  }
}

function linesOf(tracks: readonly MediaTrack[], name: string): Lines {
  const video = tracks.flatMap((track, index) => {
    const coding = videoCodingOf(track);
    return coding ? [{ index, line: new VideoLine(track, coding) }] : [];
  })[0];
  const audio = tracks.flatMap((track, index) => {
    const coding = audioCodingOf(track);
    return coding ? [{ index, line: new AudioLine(track, coding) }] : [];
  })[0];
  if (video) return { video, audio };
  const codecs = tracks.filter(track => track.kind === 'video').map(track => track.codec);
  const what = codecs.length > 0 ? `sends ${codecs.join(', ')}` : 'sends no video';
  throw new GlimpserError('no-movie', `${name} ${what}; movies are made of H.264 and H.265. Use MJPEG.`);
}
