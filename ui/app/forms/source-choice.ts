/** Draws the choice of other sources, such as those that hang on a wall. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { hub } from '#app/hub/hub.ts';
import { describedBy, renderNotes } from './field-notes.ts';
import { sourceTicks } from './source-ticks.ts';

/** What a choice is called and what is wrong with it. */
export interface ChoiceWords {
  id: string;
  label: string;
  help: string;
  error: string | undefined;
}

/** Draws a tick for every source; `change` gets the ids in the order in which they were chosen. */
export function renderSourceChoice(
  { id, label, help, error }: ChoiceWords,
  chosen: readonly string[],
  change: (ids: string[]) => void,
): TemplateResult {
  const ids = chosen.filter(one => one !== '');
  const ticks = sourceTicks(ids, hub.value.sources, hub.value.kinds);
  const toggle = (one: string, isOn: boolean) =>
    change(isOn ? [...ids, one] : ids.filter(other => other !== one));
  return html`<fieldset class="field ${error ? 'has-error' : ''}" data-test=${id} tabindex="-1"
    aria-describedby=${describedBy(id, help, error)}>
    <legend>${label}</legend>
    ${ticks.length === 0 ? html`<p class="soft">There is no other source yet. Add the cameras first.</p>` : nothing}
    <div class="ticks">
      ${ticks.map(
        tick => html`<label class="tick">
          <input type="checkbox" value=${tick.id} .checked=${live(tick.place !== undefined)}
            @change=${(event: Event) => toggle(tick.id, (event.target as HTMLInputElement).checked)} />
          ${tick.name}${tick.place === undefined ? nothing : html` <span class="optional">${tick.place}</span>`}
        </label>`,
      )}
    </div>
    ${renderNotes(id, help, error)}
  </fieldset>`;
}
