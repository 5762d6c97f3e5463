/** `<app-pictures-tab>`: the pictures that were kept of a source. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '#widgets/age.ts';
import { captureOf } from '#app/addresses.ts';
import { may, onLive } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { type Page, request, sentenceOf } from '#app/net/request.ts';
import { renderEmpty } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { say } from '#app/parts/toasts.ts';
import { instantText } from '#widgets/ages.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Capture } from '#widgets/shapes.ts';

const REASONS: Record<Capture['reason'], string> = {
  schedule: 'Kept by schedule',
  request: 'Taken by hand',
  event: 'Kept for an event',
};

class PicturesTab extends LightElement {
  static override properties = { sourceId: {}, isStarredOnly: { state: true } };

  declare sourceId: string;
  declare isStarredOnly: boolean;
  readonly #captures = new Loaded<Page<Capture>>(this, () => request('GET', this.#address(null)));
  #stop: (() => void) | undefined;

  constructor() {
    super();
    this.sourceId = '';
    this.isStarredOnly = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onLive(({ signal, payload }) => {
      const { capture, captureId } = (payload ?? {}) as { capture?: Capture; captureId?: string };
      if (signal === 'capture.kept' && capture?.sourceId === this.sourceId && !this.isStarredOnly)
        this.#add(capture);
      if (signal === 'capture.forgotten' && captureId) this.#drop(captureId);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.get('sourceId') || changed.get('isStarredOnly') !== undefined) void this.#captures.restart();
  }

  #address(cursor: string | null): string {
    const query = new URLSearchParams({ source: this.sourceId, limit: '24' });
    if (this.isStarredOnly) query.set('starred', 'true');
    if (cursor !== null) query.set('cursor', cursor);
    return `api/captures?${query}`;
  }

  #add(capture: Capture): void {
    this.#captures.change(page => ({
      ...page,
      items: [capture, ...page.items.filter(other => other.id !== capture.id)],
    }));
  }

  #drop(id: string): void {
    this.#captures.change(page => ({ ...page, items: page.items.filter(other => other.id !== id) }));
  }

  override render(): TemplateResult {
    return html`<div class="filters" role="group" aria-label="Filter pictures">
        <button type="button" class="chip" aria-pressed=${this.isStarredOnly ? 'true' : 'false'}
          @click=${() => {
            this.isStarredOnly = !this.isStarredOnly;
          }}>
          ${icon('star')}Starred only
        </button>
      </div>
      ${this.#captures.render(page => this.#renderPage(page))}`;
  }

  #renderPage({ items, next }: Page<Capture>): TemplateResult {
    if (items.length === 0) {
      return renderEmpty({
        icon: 'picture',
        title: this.isStarredOnly ? 'No starred picture' : 'No picture kept yet',
        text: this.isStarredOnly
          ? 'Star a picture and it is never deleted by itself.'
          : 'Pictures are kept as the source says. “Take picture” keeps one now.',
      });
    }
    return html`<ul class="shots" data-test="pictures">
        ${repeat(
          items,
          capture => capture.id,
          capture => this.#renderShot(capture),
        )}
      </ul>
      ${
        next
          ? html`<div class="actions is-centered"><button type="button" class="button" @click=${() => this.#more(next)}>Show older</button></div>`
          : nothing
      }`;
  }

  #renderShot(capture: Capture): TemplateResult {
    const when = instantText(capture.at, Date.now());
    return html`<li class="shot">
      <a href=${captureOf(capture.id)} target="_blank" rel="noopener" title=${REASONS[capture.reason]}>
        <img src=${captureOf(capture.id, 480)} alt=${`Picture of ${when}`} loading="lazy" decoding="async"
          width=${capture.width} height=${capture.height} />
      </a>
      <div>
        <p><time datetime=${capture.at}>${when}</time><span>${REASONS[capture.reason]}</span></p>
        ${may('operator') ? this.#renderActions(capture, when) : nothing}
      </div>
    </li>`;
  }

  #renderActions(capture: Capture, when: string): TemplateResult {
    return html`<button type="button" class="icon-button star" aria-pressed=${capture.isStarred ? 'true' : 'false'}
        aria-label=${`Star the picture of ${when}`} title=${capture.isStarred ? 'Starred: stays until you delete it' : 'Star: never deleted by itself'}
        @click=${() => this.#star(capture)}>${icon('star')}</button>
      <button type="button" class="icon-button" aria-label=${`Delete the picture of ${when}`} title="Delete"
        @click=${() => this.#delete(capture, when)}>${icon('bin')}</button>`;
  }

  async #more(cursor: string): Promise<void> {
    try {
      const page = await request<Page<Capture>>('GET', this.#address(cursor));
      this.#captures.change(before => ({ items: [...before.items, ...page.items], next: page.next }));
    } catch (thrown) {
      say(sentenceOf(thrown), 'bad');
    }
  }

  async #star({ id, isStarred }: Capture): Promise<void> {
    try {
      const capture = await request<Capture>('PATCH', `api/captures/${id}`, { isStarred: !isStarred });
      this.#captures.change(page => ({
        ...page,
        items: page.items.map(other => (other.id === id ? capture : other)),
      }));
    } catch (thrown) {
      say(sentenceOf(thrown), 'bad');
    }
  }

  async #delete({ id }: Capture, when: string): Promise<void> {
    const { ask } = await import('#app/parts/confirm.ts');
    const isAgreed = await ask({
      title: 'Delete this picture?',
      body: `The picture of ${when} is removed from this hub. It cannot be brought back.`,
      verb: 'Delete',
      isDangerous: true,
    });
    if (!isAgreed) return;
    try {
      await request('DELETE', `api/captures/${id}`);
      this.#drop(id);
      say('Deleted.');
    } catch (thrown) {
      say(sentenceOf(thrown), 'bad');
    }
  }
}

define('app-pictures-tab', PicturesTab);
