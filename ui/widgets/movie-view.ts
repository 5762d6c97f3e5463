/** `<glimpser-movie>`: a live movie, muted until somebody wants to hear it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { tookText } from './ages.ts';
import { AppendedMovie } from './appended-movie.ts';
import { define } from './define.ts';
import { HlsMovie } from './hls-movie.ts';
import { icon } from './icons.ts';
import { type MovieAddresses, type MovieWay, movieWays } from './movie-support.ts';
import { movieViewStyles } from './movie-view.styles.ts';
import type { MovieEnd, PlayedMovie } from './played-movie.ts';

const TOLD_EVERY_MS = 1000;
const AGAIN_MS = 500;

/** Fires `shown` with its first picture, and `failed` when there is no way left to play (detail: isFinal). */
export class MovieView extends LitElement {
  static override styles = movieViewStyles;
  static override properties = {
    addresses: { attribute: false },
    alt: {},
    hasControls: { type: Boolean },
    isMuted: { state: true },
    hasSound: { state: true },
    behindMs: { state: true },
  };

  declare addresses: MovieAddresses | undefined;
  declare alt: string;
  /** Sound and how far behind it is are shown on the picture. */
  declare hasControls: boolean;
  declare isMuted: boolean;
  declare hasSound: boolean;
  declare behindMs: number | undefined;
  #ways: MovieWay[] = [];
  #movie: PlayedMovie | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #isShown = false;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #looking: number | undefined;

  constructor() {
    super();
    this.alt = '';
    this.hasControls = false;
    this.isMuted = true;
    this.hasSound = false;
  }

  override updated(changed: PropertyValues<MovieView>): void {
    if (!changed.has('addresses')) return;
    this.#ways = movieWays();
    this.#play();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#play();
  }

  /** What it shows now; undefined before its first picture. */
  get video(): HTMLVideoElement | undefined {
    return this.#isShown ? this.#video : undefined;
  }

  get #video(): HTMLVideoElement | undefined {
    return this.renderRoot.querySelector('video') ?? undefined;
  }

  #play(): void {
    this.#stop();
    const [video, addresses, way] = [this.#video, this.addresses, this.#ways[0]];
    if (!video || !addresses) return;
    // Attributes set only what a video begins with; browsers play unasked what is muted.
    video.muted = this.isMuted;
    const ended = (end: MovieEnd) => this.#ended(end);
    if (way === 'append') this.#movie = new AppendedMovie(video, addresses.socket, ended);
    if (way === 'hls') this.#movie = new HlsMovie(video, addresses.hls, ended);
    if (way === undefined) this.#giveUp(false);
    else this.#look(video);
  }

  #stop(): void {
    clearTimeout(this.#again);
    const video = this.#video;
    if (this.#looking !== undefined) video?.cancelVideoFrameCallback?.(this.#looking);
    this.#looking = undefined;
    this.#movie?.stop();
    this.#movie = undefined;
    this.behindMs = undefined;
    if (video) video.ontimeupdate = null;
  }

  /** A movie that ran and is over, as when a camera changes its format, goes on with the next one. */
  #ended(end: MovieEnd): void {
    const isAgain = end === 'over' && this.#isShown;
    this.#stop();
    this.#isShown = false;
    if (!isAgain) this.#ways.shift();
    if (end === 'none') this.#giveUp(true);
    else if (this.#ways.length > 0) this.#again = setTimeout(() => this.#play(), isAgain ? AGAIN_MS : 0);
    else this.#giveUp(false);
  }

  /** `isFinal`: the source sends nothing that any browser plays, so that asking again is of no use. */
  #giveUp(isFinal: boolean): void {
    this.dispatchEvent(new CustomEvent('failed', { detail: { isFinal } }));
  }

  #look(video: HTMLVideoElement): void {
    if (!video.requestVideoFrameCallback) {
      video.ontimeupdate = () => this.#painted(video.currentTime, performance.now());
      return;
    }
    this.#looking = video.requestVideoFrameCallback((_now, { mediaTime, expectedDisplayTime }) => {
      this.#painted(mediaTime, expectedDisplayTime);
      if (this.#looking !== undefined) this.#look(video);
    });
  }

  #painted(mediaTimeS: number, shownMs: number): void {
    if (!this.#isShown) {
      this.#isShown = true;
      this.hasSound = this.#movie?.hasSound === true;
      this.dispatchEvent(new CustomEvent('shown'));
    }
    if (shownMs - this.#toldAtMs < TOLD_EVERY_MS) return;
    this.#toldAtMs = shownMs;
    this.behindMs = this.#movie?.behindMs(mediaTimeS, shownMs);
  }

  readonly #toggleSound = (): void => {
    this.isMuted = !this.isMuted;
    if (this.#video) this.#video.muted = this.isMuted;
  };

  override render(): TemplateResult {
    return html`<video muted playsinline autoplay aria-label=${this.alt}></video>
      ${this.hasControls ? html`<div class="on-picture">${this.#renderLag()}${this.#renderSound()}</div>` : nothing}`;
  }

  #renderLag(): TemplateResult | typeof nothing {
    if (this.behindMs === undefined) return nothing;
    const title = 'From the arrival of the picture at the hub to its display here';
    return html`<p data-test="behind" title=${title}>${tookText(this.behindMs)} behind</p>`;
  }

  #renderSound(): TemplateResult | typeof nothing {
    if (!this.hasSound) return nothing;
    const words = this.isMuted ? 'Turn the sound on' : 'Turn the sound off';
    return html`<button type="button" data-test="sound" aria-label=${words} title=${words} @click=${this.#toggleSound}>
      ${icon(this.isMuted ? 'muted' : 'sound')}
    </button>`;
  }
}

define('glimpser-movie', MovieView);
