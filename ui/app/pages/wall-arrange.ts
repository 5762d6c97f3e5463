/** `<app-wall-arrange>`: the wall while its tiles are put in order, by dragging, by buttons and by arrow keys. */
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Source } from '#widgets/shapes.ts';
import { edgeSpeed, movedTo, reordered } from './wall-order.ts';

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Fires `close` when the order is stored or left as it was. */
class WallArrange extends LightElement {
  static override properties = {
    sources: { attribute: false },
    isCompact: { type: Boolean },
    renderTile: { attribute: false },
    order: { state: true },
    draggedId: { state: true },
    words: { state: true },
    isBusy: { state: true },
  };

  declare sources: Source[];
  declare isCompact: boolean;
  declare renderTile: (source: Source) => TemplateResult;
  /** Ids as they are to stand; empty until something was moved. */
  declare order: string[];
  declare draggedId: string;
  /** Read out after each move. */
  declare words: string;
  declare isBusy: boolean;
  #pointer = { x: 0, y: 0 };

  constructor() {
    super();
    this.sources = [];
    this.isCompact = false;
    this.order = [];
    this.draggedId = '';
    this.words = '';
    this.isBusy = false;
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>('[data-test="arrange-done"]')?.focus();
  }

  /** Sources may come and go meanwhile. */
  get #ordered(): Source[] {
    return this.order.length === 0 ? this.sources : reordered(this.sources, this.order);
  }

  override render(): TemplateResult {
    const ordered = this.#ordered;
    return html`<div class="arrange-bar">
        <p>Drag a tile to its place, or move it with its arrows.</p>
        <div class="actions">
          <button type="button" class="button" data-test="arrange-cancel" @click=${this.#close}>Cancel</button>
          <button type="button" class="button is-primary" data-test="arrange-done" ?disabled=${this.isBusy} @click=${this.#save}>
            ${this.isBusy ? 'Saving…' : 'Done'}
          </button>
        </div>
      </div>
      <p class="visually-hidden" role="status" aria-live="polite">${this.words}</p>
      <ul class="tiles is-arranging ${this.isCompact ? 'is-compact' : ''}" data-test="arrange"
        @pointerdown=${this.#grab} @pointermove=${this.#drag} @pointerup=${this.#drop} @pointercancel=${this.#drop}>
        ${repeat(
          ordered,
          source => source.id,
          (source, place) => this.#renderItem(source, place, ordered.length),
        )}
      </ul>`;
  }

  #renderItem(source: Source, place: number, count: number): TemplateResult {
    const { id, name } = source;
    const move = (step: number) => void this.#step(id, place + step);
    return html`<li data-id=${id} class=${id === this.draggedId ? 'is-dragged' : ''}
      @keydown=${(event: KeyboardEvent) => {
        const step = STEPS[event.key];
        if (step === undefined) return;
        event.preventDefault();
        move(step);
      }}>
      <div inert>${this.renderTile(source)}</div>
      <div class="arrange-cover">
        <button type="button" aria-label=${`Move ${name} forward`} data-test=${`earlier-${id}`}
          aria-disabled=${place === 0 ? 'true' : 'false'} @click=${() => move(-1)}>${icon('left')}</button>
        <span class="grip">${icon('grip')}</span>
        <button type="button" aria-label=${`Move ${name} back`} data-test=${`later-${id}`}
          aria-disabled=${place === count - 1 ? 'true' : 'false'} @click=${() => move(1)}>${icon('right')}</button>
      </div>
    </li>`;
  }

  /** Moves by a button or key; the button that was pressed keeps the focus wherever its tile goes. */
  async #step(id: string, place: number): Promise<void> {
    const focused = document.activeElement;
    this.#move(id, place);
    await this.updateComplete;
    if (focused instanceof HTMLElement && this.contains(focused)) {
      focused.focus({ preventScroll: true });
      focused.scrollIntoView({ block: 'nearest' });
    }
  }

  #move(id: string, place: number): void {
    const ids = this.#ordered.map(source => source.id);
    const moved = movedTo(ids, id, place);
    if (moved.join() === ids.join()) return;
    this.order = moved;
    const name = this.sources.find(source => source.id === id)?.name ?? '';
    this.words = `${name} is number ${moved.indexOf(id) + 1} of ${moved.length}.`;
  }

  /** A mouse takes a tile anywhere; a finger takes it by its grip, so that the page can still be scrolled. */
  readonly #grab = (event: PointerEvent): void => {
    const target = event.target as Element;
    const item = target.closest<HTMLElement>('li[data-id]');
    if (!item || event.button !== 0 || target.closest('button')) return;
    if (event.pointerType === 'touch' && !target.closest('.grip')) return;
    event.preventDefault();
    // The list hears all moves: the tile itself is put elsewhere meanwhile.
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.draggedId = item.dataset['id'] ?? '';
    this.#pointer = { x: event.clientX, y: event.clientY };
    requestAnimationFrame(this.#scroll);
  };

  readonly #drag = (event: PointerEvent): void => {
    if (this.draggedId === '') return;
    this.#pointer = { x: event.clientX, y: event.clientY };
    this.#follow();
  };

  #follow(): void {
    const { x, y } = this.#pointer;
    const over = document.elementsFromPoint(x, y).map(element => element.closest<HTMLElement>('li[data-id]'));
    const id = over.find(item => item !== null)?.dataset['id'];
    if (id === undefined || id === this.draggedId) return;
    this.#move(
      this.draggedId,
      this.#ordered.findIndex(source => source.id === id),
    );
  }

  readonly #scroll = (): void => {
    if (this.draggedId === '' || !this.isConnected) return;
    const speed = edgeSpeed(this.#pointer.y, innerHeight);
    if (speed !== 0) {
      scrollBy(0, speed);
      this.#follow();
    }
    requestAnimationFrame(this.#scroll);
  };

  readonly #drop = (): void => {
    this.draggedId = '';
  };

  readonly #save = async (): Promise<void> => {
    if (this.order.length === 0) return this.#close();
    this.isBusy = true;
    try {
      await request('POST', 'api/sources/order', { ids: this.#ordered.map(source => source.id) });
      hub.set({
        sources: reordered(
          hub.value.sources,
          this.#ordered.map(source => source.id),
        ),
      });
      say('The order is stored.');
      this.#close();
    } catch (thrown) {
      say(sentenceOf(thrown), 'bad');
    } finally {
      this.isBusy = false;
    }
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };
}

define('app-wall-arrange', WallArrange);
