/** Draws the choice of groups, with a way to make a new one. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { hub } from '#app/hub/hub.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { say } from '#app/parts/toasts.ts';
import { icon } from '#widgets/icons.ts';
import type { Group } from '#widgets/shapes.ts';

/** A group's id from its name: `Front garden` is `front-garden`; empty when nothing usable is left. */
export function groupIdOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32);
}

/** Draws a tick for every group; `change` gets the ids that are chosen. */
export function renderGroups(chosen: readonly string[], change: (groups: string[]) => void): TemplateResult {
  const known = new Map(hub.value.groups.map(group => [group.id, group.name]));
  const ids = [...new Set([...known.keys(), ...chosen])];
  const toggle = (id: string, isOn: boolean) =>
    change(isOn ? [...chosen, id] : chosen.filter(other => other !== id));
  return html`<fieldset class="field" data-test="groups">
    <legend>Groups <span class="optional">optional</span></legend>
    <div class="ticks">
      ${ids.map(
        id => html`<label class="tick">
          <input type="checkbox" value=${id} .checked=${live(chosen.includes(id))}
            @change=${(event: Event) => toggle(id, (event.target as HTMLInputElement).checked)} />
          ${known.get(id) ?? id}
        </label>`,
      )}
    </div>
    <div class="copy-row">
      <input id="new-group" aria-label="Name of a new group" placeholder="New group" maxlength="80"
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void addGroup(event.target as HTMLInputElement, chosen, change);
        }} />
      <button type="button" class="button" @click=${(event: Event) => {
        const input = (event.currentTarget as HTMLElement).previousElementSibling;
        void addGroup(input as HTMLInputElement, chosen, change);
      }}>
        ${icon('plus')}Add group
      </button>
    </div>
  </fieldset>`;
}

async function addGroup(
  input: HTMLInputElement,
  chosen: readonly string[],
  change: (groups: string[]) => void,
): Promise<void> {
  const name = input.value.trim();
  const id = groupIdOf(name);
  if (id === '') {
    input.focus();
    return;
  }
  try {
    if (!hub.value.groups.some(group => group.id === id)) {
      const group = await request<Group>('POST', 'api/groups', { id, name });
      const others = hub.value.groups.filter(other => other.id !== id);
      hub.set({ groups: [...others, group] });
    }
    input.value = '';
    change([...new Set([...chosen, id])]);
  } catch (thrown) {
    say(sentenceOf(thrown), 'bad');
  }
}
