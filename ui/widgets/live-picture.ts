/** `<glimpser-live>`: one picture that keeps itself fresh while somebody can see it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import './movie-view.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { type LiveMode, type LiveWish, liveMode, wishNow } from './live-mode.ts';
import { livePictureStyles } from './live-picture.styles.ts';
import { LiveTurn } from './live-turn.ts';
import type { MovieAddresses } from './movie-support.ts';
import type { MovieView } from './movie-view.ts';
import { StillFeed } from './still-feed.ts';
import { pictureOf, type Still } from './still-loader.ts';

const RETRY_MS: Readonly<Record<LiveWish, number>> = { stream: 10_000, movie: 60_000 };
const LOOK_MS = 250;

/**
 * Shows `still` at once, then `movie` or, where that cannot be played, `stream` when there is a turn for it, else
 * `still` again and again. Fires `picture` (detail: isPlaceholder) when a picture is there.
 */
export class LivePicture extends LitElement {
  static override styles = livePictureStyles;
  static override properties = {
    still: {},
    stream: {},
    movie: { attribute: false },
    hasControls: { type: Boolean },
    alt: {},
    stamp: {},
    everyMs: { type: Number },
    isPaused: { type: Boolean },
    isOnline: { type: Boolean },
    isWaking: { type: Boolean },
    connection: { type: Number },
    family: {},
    shown: { state: true },
    streaming: { state: true },
    playing: { state: true },
    isLiveVisible: { state: true },
  };

  declare still: string;
  declare stream: string;
  /** Set only for what needs no encoding for it. */
  declare movie: MovieAddresses | undefined;
  /** A movie shows its sound and how far behind it is. */
  declare hasControls: boolean;
  declare alt: string;
  /** Changes when the source has a new picture. */
  declare stamp: string;
  declare everyMs: number;
  declare isPaused: boolean;
  declare isOnline: boolean;
  /** Somebody has to wait for it: it sleeps until it is looked at. */
  declare isWaking: boolean;
  /** Changes when the source is connected anew. */
  declare connection: number;
  declare family: string;
  declare shown: Still | undefined;
  declare streaming: string;
  declare playing: MovieAddresses | undefined;
  declare isLiveVisible: boolean;

  readonly #feed = new StillFeed({
    address: () => this.still,
    nextInMs: () => (this.#mode === 'stills' ? this.everyMs : undefined),
    shown: still => this.#showStill(still),
    failed: () => this.#tellPicture(true),
  });
  readonly #turn = new LiveTurn(() => this.#settle());
  readonly #failedAt: Record<LiveWish, number> = {
    stream: Number.NEGATIVE_INFINITY,
    movie: Number.NEGATIVE_INFINITY,
  };
  #observer: IntersectionObserver | undefined;
  #isInView = false;
  #mode: LiveMode = 'rest';
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.still = '';
    this.stream = '';
    this.hasControls = false;
    this.alt = '';
    this.stamp = '';
    this.everyMs = 2000;
    this.isPaused = false;
    this.isOnline = true;
    this.isWaking = false;
    this.connection = 0;
    this.family = 'camera';
    this.streaming = '';
    this.isLiveVisible = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#settle);
    this.#observer = new IntersectionObserver(
      entries => {
        this.#isInView = entries.some(entry => entry.isIntersecting);
        this.#settle();
      },
      { rootMargin: '120px' },
    );
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#settle);
    this.#observer?.disconnect();
    this.#isInView = false;
    this.#settle();
    this.#feed.loader.forget();
  }

  override updated(changed: PropertyValues<LivePicture>): void {
    if (changed.has('still') && changed.get('still') !== undefined) this.#feed.loader.forget();
    // A source that is back may have a movie again, or send another sort of video.
    const isBack = changed.has('isOnline') && this.isOnline;
    if (isBack || changed.has('connection') || changed.has('movie'))
      this.#failedAt.movie = Number.NEGATIVE_INFINITY;
    const steering = ['still', 'stream', 'movie', 'isPaused', 'isOnline', 'connection', 'everyMs'] as const;
    if (steering.some(name => changed.has(name))) this.#settle();
    if (changed.has('stamp') && (this.#mode === 'last' || this.#mode === 'stills')) this.#feed.fetch();
  }

  get #wish(): LiveWish | undefined {
    const isFine = (wish: LiveWish) => Date.now() - this.#failedAt[wish] > RETRY_MS[wish];
    if (this.movie && isFine('movie')) return 'movie';
    return this.stream !== '' && isFine('stream') ? 'stream' : undefined;
  }

  /** Brings what is running in line with what can be seen. */
  readonly #settle = (): void => {
    const facts = {
      isTabShown: document.visibilityState === 'visible',
      isInView: this.#isInView && this.isConnected,
      isPaused: this.isPaused,
      isOnline: this.isOnline,
      wish: this.#wish,
    };
    this.#turn.want(wishNow({ ...facts, hasTurn: false }));
    const mode = liveMode({ ...facts, hasTurn: this.#turn.isGranted });
    const before = this.#mode;
    this.#mode = mode;
    if (before !== mode && (before === 'stream' || before === 'movie')) void this.#stopLive();
    if (mode === 'stream' && this.streaming !== this.stream) this.#startStream();
    if (mode === 'movie' && this.playing !== this.movie) this.#startMovie();
    if (mode === 'rest') this.#feed.stop();
    else if (mode === 'last' || mode === 'stills' ? mode !== before : !this.shown) this.#feed.fetch();
  };

  #startMovie(): void {
    this.isLiveVisible = false;
    this.playing = this.movie;
  }

  #startStream(): void {
    this.isLiveVisible = false;
    this.streaming = this.stream;
    clearInterval(this.#looking);
    this.#looking = setInterval(() => this.#lookAtStream(), LOOK_MS);
  }

  #lookAtStream(): void {
    if ((this.#streamImage?.naturalWidth ?? 0) === 0) return;
    clearInterval(this.#looking);
    this.#showLive();
  }

  #showLive(): void {
    this.isLiveVisible = true;
    this.#tellPicture(false);
  }

  /** Keeps the last live picture before its connection is closed. */
  async #stopLive(): Promise<void> {
    clearInterval(this.#looking);
    const image = this.#streamImage;
    const last = image ?? this.renderRoot.querySelector<MovieView>('glimpser-movie')?.video;
    this.isLiveVisible = false;
    if (this.#mode !== 'stream') this.streaming = '';
    if (this.#mode !== 'movie') this.playing = undefined;
    if (!last) return;
    const drawing = pictureOf(last);
    image?.removeAttribute('src');
    const blob = await drawing;
    if (blob && this.isConnected) this.shown = this.#feed.loader.keep(blob, false);
  }

  /** `isFinal`: asking again is of no use before the source is connected anew. */
  #failed(wish: LiveWish, isFinal = false): void {
    this.#failedAt[wish] = isFinal ? Number.POSITIVE_INFINITY : Date.now();
    this.#settle();
    if (!isFinal) setTimeout(this.#settle, RETRY_MS[wish] + LOOK_MS);
  }

  get #streamImage(): HTMLImageElement | null {
    return this.renderRoot.querySelector<HTMLImageElement>('img.stream');
  }

  #showStill(still: Still): void {
    this.shown = still;
    this.#tellPicture(still.isPlaceholder);
  }

  #tellPicture(isPlaceholder: boolean): void {
    this.dispatchEvent(new CustomEvent('picture', { detail: { isPlaceholder } }));
  }

  override render(): TemplateResult {
    const hasStill = this.shown !== undefined && !this.shown.isPlaceholder;
    const isLive = this.streaming !== '' || this.playing !== undefined;
    return html`
      ${hasStill ? html`<img class="still" src=${this.shown?.url ?? ''} alt=${this.alt} />` : nothing}
      ${hasStill || this.isLiveVisible ? nothing : this.#renderEmpty()}
      ${isLive ? this.#renderLive(hasStill ? '' : this.alt) : nothing}
      ${isLive && this.isWaking ? html`<p class="waking" role="status">Waking the camera…</p>` : nothing}
    `;
  }

  #renderLive(alt: string): TemplateResult {
    const look = `stream ${this.isLiveVisible ? 'is-visible' : ''}`;
    if (!this.playing)
      return html`<img class=${look} src=${this.streaming} alt=${alt} @error=${() => this.#failed('stream')} />`;
    return html`<glimpser-movie
      class=${look}
      .addresses=${this.playing}
      .alt=${this.alt}
      .hasControls=${this.hasControls}
      @shown=${() => this.#showLive()}
      @failed=${({ detail }: CustomEvent<{ isFinal: boolean }>) => this.#failed('movie', detail.isFinal)}
    ></glimpser-movie>`;
  }

  #renderEmpty(): TemplateResult {
    const isWaiting = this.isOnline && !this.shown;
    return html`<div class="empty ${isWaiting ? 'is-waiting' : ''}" role="img" aria-label=${`${this.alt}: no picture yet`}>
      ${icon(this.family === 'website' ? 'globe' : 'camera')}
    </div>`;
  }
}

define('glimpser-live', LivePicture);
