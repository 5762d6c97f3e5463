/** `<app-log-tab>`: one story of how the source is, what was tried and what was printed, for when it does not work. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/attempt-list.ts';
import '#widgets/status-badge.ts';
import { hub, sourceOf } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { addressOf } from '#app/net/address.ts';
import { list, request } from '#app/net/request.ts';
import { renderEmpty } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { instantText } from '#widgets/ages.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { Attempt } from '#widgets/shapes.ts';

interface Trail {
  attempts: Attempt[];
  lines: string[];
}

class LogTab extends LightElement {
  static override properties = { sourceId: {} };

  declare sourceId: string;
  readonly #trail = new Loaded<Trail>(this, async () => {
    const path = `api/sources/${encodeURIComponent(this.sourceId)}`;
    const [attempts, { lines }] = await Promise.all([
      list<Attempt>(`${path}/attempts`),
      request<{ lines: string[] }>('GET', `${path}/log`),
    ]);
    return { attempts, lines };
  });
  #seen = '';

  constructor() {
    super();
    this.sourceId = '';
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const state = hub.value.states[this.sourceId];
    // Every status and every failure brings a new try to the trail.
    const seen = `${state?.status}:${state?.failures}:${state?.retryAt}`;
    if (changed.get('sourceId')) void this.#trail.restart();
    else if (this.#seen !== '' && seen !== this.#seen) void this.#trail.load();
    this.#seen = seen;
  }

  override render(): TemplateResult {
    return html`<div class="actions log-tools">
        <button type="button" class="button" @click=${() => this.#trail.load()}>${icon('refresh')}Refresh</button>
        <a class="button" download=${`glimpser-${this.sourceId}.json`} data-test="diagnostics"
          href=${addressOf(`api/sources/${this.sourceId}/diagnostics`)}>${icon('download')}Download report</a>
        <p class="soft">Passwords are left out of the report.</p>
      </div>
      ${this.#trail.render(trail => this.#renderTrail(trail))}`;
  }

  #renderTrail({ attempts, lines }: Trail): TemplateResult {
    if (attempts.length === 0 && lines.length === 0) {
      return renderEmpty({
        icon: 'info',
        title: 'Nothing yet',
        text: 'Attempts to get a picture are listed here.',
      });
    }
    const state = hub.value.states[this.sourceId];
    return html`<section class="card" aria-label="What happened">
      <h2>What happened</h2>
      <p class="log-now">
        <glimpser-status .state=${state} .schedule=${sourceOf(this.sourceId)?.schedule ?? ''}></glimpser-status>
        ${state ? html`<span class="soft">since ${instantText(state.since, Date.now())}</span>` : nothing}
      </p>
      <glimpser-attempts .attempts=${attempts} .lines=${lines}></glimpser-attempts>
    </section>`;
  }
}

define('app-log-tab', LogTab);
