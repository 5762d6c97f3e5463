/** Changing a source. */
import { html, type TemplateResult } from 'lit';
import '#app/forms/source-form.ts';
import { applySource, hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { go, linkTo } from '#app/navigate.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { renderEmpty, renderNotice, renderSkeleton } from '#app/parts/blocks.ts';
import { say } from '#app/parts/toasts.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Source } from '#widgets/shapes.ts';

class EditPage extends LightElement {
  static override properties = { sourceId: {}, source: { state: true }, failure: { state: true } };

  declare sourceId: string;
  /** As it is stored now: the whole of it goes back to the hub. */
  declare source: Source | undefined;
  declare failure: string;

  constructor() {
    super();
    this.sourceId = '';
    this.failure = '';
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('sourceId')) void this.#load();
  }

  async #load(): Promise<void> {
    this.source = undefined;
    try {
      this.source = await request<Source>('GET', `api/sources/${encodeURIComponent(this.sourceId)}`);
      this.failure = '';
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    }
  }

  override render(): TemplateResult {
    const { source } = this;
    return html`<div class="page">
      <header class="page-head">
        <a
          class="icon-button"
          href=${linkTo({ page: 'source', id: this.sourceId, tab: 'pictures' })}
          aria-label=${`Back to ${source?.name ?? 'the source'}`}
          >${icon('left')}</a
        >
        <div>
          <p class="eyebrow">Edit</p>
          <h1>${source?.name ?? ''}</h1>
        </div>
      </header>
      ${this.failure ? renderNotice('bad', this.failure) : source ? this.#renderForm(source) : renderSkeleton(4)}
    </div>`;
  }

  #renderForm(source: Source): TemplateResult {
    const kind = hub.value.kinds.find(known => known.id === source.kind);
    if (hub.value.kinds.length === 0 || !hub.value.me) return renderSkeleton(4);
    if (!may('operator')) {
      return renderEmpty({
        icon: 'key',
        title: 'You may look, not change',
        text: 'Ask an admin for more rights.',
      });
    }
    if (!kind) return renderNotice('bad', `This hub does not know sources of the kind “${source.kind}”.`);
    return html`<app-source-form
      .kind=${kind}
      .source=${source}
      @saved=${(event: CustomEvent<Source>) => this.#saved(event.detail)}
    ></app-source-form>`;
  }

  #saved(source: Source): void {
    applySource(source);
    say('Saved.');
    go({ page: 'source', id: source.id, tab: 'pictures' }, 'replace');
  }
}

define('app-edit-page', EditPage);
