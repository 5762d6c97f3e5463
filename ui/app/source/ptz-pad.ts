/** `<app-ptz>`: turns a camera while a button is held, and sends it to places that it remembers. */
import { html, nothing, type TemplateResult } from 'lit';
import { LightElement } from '#app/light-element.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';
import { type IconName, icon } from '#widgets/icons.ts';
import type { Ptz } from '#widgets/shapes.ts';
import { Hold, type Speed } from './ptz-hold.ts';

interface Direction {
  name: string;
  label: string;
  sign: IconName;
  key: string;
  speed: Speed;
}

const TURNS: Direction[] = [
  { name: 'up', label: 'Up', sign: 'up', key: 'ArrowUp', speed: { pan: 0, tilt: 0.6, zoom: 0 } },
  { name: 'left', label: 'Left', sign: 'left', key: 'ArrowLeft', speed: { pan: -0.6, tilt: 0, zoom: 0 } },
  { name: 'right', label: 'Right', sign: 'right', key: 'ArrowRight', speed: { pan: 0.6, tilt: 0, zoom: 0 } },
  { name: 'down', label: 'Down', sign: 'down', key: 'ArrowDown', speed: { pan: 0, tilt: -0.6, zoom: 0 } },
];
const ZOOMS: Direction[] = [
  { name: 'closer', label: 'Closer', sign: 'plus', key: '+', speed: { pan: 0, tilt: 0, zoom: 0.6 } },
  { name: 'wider', label: 'Wider', sign: 'minus', key: '-', speed: { pan: 0, tilt: 0, zoom: -0.6 } },
];

class PtzPad extends LightElement {
  static override properties = {
    sourceId: {},
    ptz: { attribute: false },
    held: { state: true },
    busy: { state: true },
    name: { state: true },
  };

  declare sourceId: string;
  declare ptz: Ptz;
  /** Name of the direction that is held. */
  declare held: string;
  /** The preset that the camera is being sent to. */
  declare busy: string;
  /** What the position is to be called. */
  declare name: string;
  readonly #hold = new Hold({
    move: (speed, lastsMs) => this.#post('move', { ...speed, for: `${lastsMs}ms` }),
    stop: () => this.#post('stop'),
    failed: thrown => {
      this.held = '';
      say(sentenceOf(thrown), 'bad');
    },
    later(ms, call) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  });
  readonly #letGo = (): void => {
    this.held = '';
    this.#hold.release();
  };

  constructor() {
    super();
    this.sourceId = '';
    this.held = '';
    this.busy = '';
    this.name = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('blur', this.#letGo);
    document.addEventListener('visibilitychange', this.#letGo);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('blur', this.#letGo);
    document.removeEventListener('visibilitychange', this.#letGo);
    this.#letGo();
  }

  override render(): TemplateResult {
    const { canTurn, canZoom } = this.ptz;
    return html`<section class="ptz" aria-label="Move the camera">
      <div
        class="ptz-pad"
        role="group"
        aria-label="Hold to move; arrow keys, plus and minus work here too"
        @keydown=${this.#keyDown}
        @keyup=${this.#letGo}
        @focusout=${this.#focusOut}
      >
        ${canTurn ? html`<div class="ptz-turn">${TURNS.map(one => this.#renderButton(one))}</div>` : nothing}
        ${canZoom ? html`<div class="ptz-zoom">${ZOOMS.map(one => this.#renderButton(one))}</div>` : nothing}
      </div>
      ${this.#renderPresets()}
    </section>`;
  }

  #renderButton(direction: Direction): TemplateResult {
    const { name, label, sign } = direction;
    return html`<button
      type="button"
      class="ptz-button is-${name}"
      data-test=${`ptz-${name}`}
      aria-label=${label}
      title="${label}: hold"
      aria-pressed=${this.held === name ? 'true' : 'false'}
      @pointerdown=${(event: PointerEvent) => this.#pointerDown(event, direction)}
      @pointerup=${this.#letGo}
      @pointercancel=${this.#letGo}
      @lostpointercapture=${this.#letGo}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${icon(sign)}
    </button>`;
  }

  #renderPresets(): TemplateResult {
    const { presets, at } = this.ptz;
    return html`<div class="ptz-presets">
      <h2>Positions</h2>
      <div class="chips">
        ${presets.map(
          ({ id, name }) => html`<button
            type="button"
            class="chip"
            data-test="ptz-preset"
            aria-pressed=${id === at ? 'true' : 'false'}
            ?disabled=${this.busy !== ''}
            @click=${() => this.#goTo(id)}
          >
            ${name}
          </button>`,
        )}
      </div>
      <form class="copy-row" novalidate @submit=${this.#save}>
        <input
          aria-label="Name for where the camera looks now"
          placeholder="Name for this position"
          maxlength="80"
          data-test="ptz-name"
          .value=${this.name}
          @input=${(event: Event) => {
            this.name = (event.target as HTMLInputElement).value;
          }}
        />
        <button type="submit" class="button" data-test="ptz-save" ?disabled=${this.busy !== '' || this.name.trim() === ''}>Keep</button>
      </form>
    </div>`;
  }

  #pointerDown(event: PointerEvent, { name, speed }: Direction): void {
    if (event.button !== 0) return;
    // The finger may slip off the button without letting go.
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.held = name;
    this.#hold.press(speed);
  }

  readonly #keyDown = (event: KeyboardEvent): void => {
    const direction = this.#byKey(event);
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.repeat && this.held === direction.name) return;
    this.held = direction.name;
    this.#hold.press(direction.speed);
  };

  /** Pressing a button moves the focus to it, which is no reason to let go. */
  readonly #focusOut = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (!(currentTarget as HTMLElement).contains(relatedTarget as Node | null)) this.#letGo();
  };

  /** Enter and the space bar hold the button that has the focus. */
  #byKey({ key, target }: KeyboardEvent): Direction | undefined {
    const all = [...(this.ptz.canTurn ? TURNS : []), ...(this.ptz.canZoom ? ZOOMS : [])];
    if (key !== 'Enter' && key !== ' ') return all.find(one => one.key === (key === '=' ? '+' : key));
    return all.find(one => (target as HTMLElement).closest(`.is-${one.name}`) !== null);
  }

  async #goTo(id: string): Promise<void> {
    await this.#working(id, async () => {
      await this.#post(`presets/${encodeURIComponent(id)}`);
    });
  }

  readonly #save = (event: Event): void => {
    event.preventDefault();
    const name = this.name.trim();
    if (name === '') return;
    // The name of a position that is there already means that one.
    const id = this.ptz.presets.find(preset => preset.name === name)?.id ?? 'new';
    void this.#working(id, async () => {
      await request('PUT', `api/sources/${this.sourceId}/ptz/presets/${encodeURIComponent(id)}`, { name });
      this.name = '';
      say(`${name} is kept by the camera.`);
    });
  };

  async #working(what: string, work: () => Promise<void>): Promise<void> {
    this.busy = what;
    await work().catch((thrown: unknown) => say(sentenceOf(thrown), 'bad'));
    this.busy = '';
  }

  #post(verb: string, body?: object): Promise<unknown> {
    return request('POST', `api/sources/${this.sourceId}/ptz/${verb}`, body);
  }
}

define('app-ptz', PtzPad);
