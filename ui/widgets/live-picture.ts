/** `<glimpser-live>`: one picture that keeps itself fresh while somebody can see it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { type LiveMode, liveMode, wantsTurn } from './live-mode.ts';
import { livePictureStyles } from './live-picture.styles.ts';
import { pictureOf, type Still, StillLoader } from './still-loader.ts';
import { type StreamTurn, streamTurns } from './stream-turns.ts';

const STREAM_RETRY_MS = 10_000;
const LOOK_MS = 250;

/**
 * Shows `still` again and again, or `stream` when there is a turn for it.
 * Fires `picture` (detail: isPlaceholder) when a picture is there.
 */
export class LivePicture extends LitElement {
  static override styles = livePictureStyles;
  static override properties = {
    still: {},
    stream: {},
    alt: {},
    stamp: {},
    everyMs: { type: Number },
    isPaused: { type: Boolean },
    isOnline: { type: Boolean },
    family: {},
    shown: { state: true },
    streaming: { state: true },
    isStreamVisible: { state: true },
  };

  declare still: string;
  declare stream: string;
  declare alt: string;
  /** Changes when the source has a new picture. */
  declare stamp: string;
  declare everyMs: number;
  declare isPaused: boolean;
  declare isOnline: boolean;
  declare family: string;
  declare shown: Still | undefined;
  declare streaming: string;
  declare isStreamVisible: boolean;

  readonly #loader = new StillLoader();
  #observer: IntersectionObserver | undefined;
  #isInView = false;
  #turn: StreamTurn | undefined;
  #mode: LiveMode = 'rest';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #fetching: AbortController | undefined;
  /** True when a newer picture was told of while one was on its way: what arrives may be the one before. */
  #isOvertaken = false;
  #streamFailedAt = Number.NEGATIVE_INFINITY;

  constructor() {
    super();
    this.still = '';
    this.stream = '';
    this.alt = '';
    this.stamp = '';
    this.everyMs = 2000;
    this.isPaused = false;
    this.isOnline = true;
    this.family = 'camera';
    this.streaming = '';
    this.isStreamVisible = false;
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
    this.#loader.forget();
  }

  override updated(changed: PropertyValues<LivePicture>): void {
    if (changed.has('still') && changed.get('still') !== undefined) this.#loader.forget();
    const steering = ['still', 'stream', 'isPaused', 'isOnline', 'everyMs'] as const;
    if (steering.some(name => changed.has(name))) {
      this.#settle();
    }
    if (changed.has('stamp') && this.#mode !== 'rest' && this.#mode !== 'stream') this.#fetchStill();
  }

  /** Brings what is running in line with what can be seen. */
  readonly #settle = (): void => {
    const facts = {
      isTabShown: document.visibilityState === 'visible',
      isInView: this.#isInView && this.isConnected,
      isPaused: this.isPaused,
      isOnline: this.isOnline,
      wantsStream: this.stream !== '' && Date.now() - this.#streamFailedAt > STREAM_RETRY_MS,
    };
    if (wantsTurn({ ...facts, hasTurn: false })) this.#turn ??= streamTurns.ask(this.#settle);
    else this.#giveTurnBack();
    const mode = liveMode({ ...facts, hasTurn: this.#turn?.isGranted === true });
    const before = this.#mode;
    this.#mode = mode;
    if (before === 'stream' && mode !== 'stream') void this.#stopStream();
    if (mode === 'stream' && this.streaming !== this.stream) this.#startStream();
    if (mode === 'rest') this.#stopFetching();
    else if (mode !== before && mode !== 'stream') this.#fetchStill();
    else if (mode === 'stream' && !this.shown) this.#fetchStill();
  };

  #giveTurnBack(): void {
    this.#turn?.release();
    this.#turn = undefined;
  }

  #startStream(): void {
    this.isStreamVisible = false;
    this.streaming = this.stream;
    clearInterval(this.#looking);
    this.#looking = setInterval(() => this.#lookAtStream(), LOOK_MS);
  }

  #lookAtStream(): void {
    if ((this.#streamImage?.naturalWidth ?? 0) === 0) return;
    clearInterval(this.#looking);
    this.isStreamVisible = true;
    this.#tellPicture(false);
  }

  /** Keeps the last picture of the stream before its connection is closed. */
  async #stopStream(): Promise<void> {
    clearInterval(this.#looking);
    const image = this.#streamImage;
    this.isStreamVisible = false;
    this.streaming = '';
    if (!image) return;
    const drawing = pictureOf(image);
    image.removeAttribute('src');
    const blob = await drawing;
    if (blob && this.isConnected) this.shown = this.#loader.keep(blob, false);
  }

  #streamFailed(): void {
    this.#streamFailedAt = Date.now();
    this.#settle();
    setTimeout(this.#settle, STREAM_RETRY_MS + LOOK_MS);
  }

  get #streamImage(): HTMLImageElement | null {
    return this.renderRoot.querySelector<HTMLImageElement>('img.stream');
  }

  #stopFetching(): void {
    clearTimeout(this.#timer);
    this.#fetching?.abort();
    this.#fetching = undefined;
  }

  #fetchStill(): void {
    clearTimeout(this.#timer);
    if (this.still === '') return;
    if (this.#fetching) {
      this.#isOvertaken = true;
      return;
    }
    this.#isOvertaken = false;
    const fetching = new AbortController();
    this.#fetching = fetching;
    this.#loader
      .load(this.still, fetching.signal)
      .then(still => this.#showStill(still))
      .catch(() => this.#tellPicture(true))
      .finally(() => this.#fetched(fetching));
  }

  #fetched(fetching: AbortController): void {
    // One that was stopped ends late and must not speak for the one that followed it.
    if (this.#fetching !== fetching) return;
    this.#fetching = undefined;
    if (this.#isOvertaken && this.#mode !== 'rest') this.#fetchStill();
    else if (this.#mode === 'stills') this.#timer = setTimeout(() => this.#fetchStill(), this.everyMs);
  }

  #showStill(still: Still | undefined): void {
    if (still === undefined) return;
    this.shown = still;
    this.#tellPicture(still.isPlaceholder);
  }

  #tellPicture(isPlaceholder: boolean): void {
    this.dispatchEvent(new CustomEvent('picture', { detail: { isPlaceholder } }));
  }

  override render(): TemplateResult {
    const hasStill = this.shown !== undefined && !this.shown.isPlaceholder;
    return html`
      ${hasStill ? html`<img class="still" src=${this.shown?.url ?? ''} alt=${this.alt} />` : nothing}
      ${hasStill || this.isStreamVisible ? nothing : this.#renderEmpty()}
      ${
        this.streaming
          ? html`<img
              class="stream ${this.isStreamVisible ? 'is-visible' : ''}"
              src=${this.streaming}
              alt=${hasStill ? '' : this.alt}
              @error=${() => this.#streamFailed()}
            />`
          : nothing
      }
    `;
  }

  #renderEmpty(): TemplateResult {
    const isWaiting = this.isOnline && !this.shown;
    return html`<div class="empty ${isWaiting ? 'is-waiting' : ''}" role="img" aria-label=${`${this.alt}: no picture yet`}>
      ${icon(this.family === 'website' ? 'globe' : 'camera')}
    </div>`;
  }
}

define('glimpser-live', LivePicture);
