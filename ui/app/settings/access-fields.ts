/** Draws what somebody or a key may do: a role, and optionally only some groups. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { hub } from '#app/hub/hub.ts';
import { ROLE_WORDS, ROLES, type Role } from './shapes.ts';

/** A role with the groups that it is limited to; null: all. */
export interface Access {
  role: Role;
  groups: string[] | null;
}

/** Draws the choice; `change` gets the whole of it. */
export function renderAccess(access: Access, change: (access: Access) => void): TemplateResult {
  const isLimitable = access.role !== 'admin' && hub.value.groups.length > 0;
  return html`<fieldset class="field">
      <legend>May do</legend>
      <div class="choices">
        ${ROLES.map(
          role => html`<label class="choice">
            <input type="radio" name="role" value=${role} .checked=${live(access.role === role)}
              @change=${() => change({ ...access, role })} />
            <span><strong>${ROLE_WORDS[role].name}</strong><small>${ROLE_WORDS[role].may}</small></span>
          </label>`,
        )}
      </div>
    </fieldset>
    ${isLimitable ? renderLimit(access, change) : nothing}`;
}

function renderLimit(access: Access, change: (access: Access) => void): TemplateResult {
  const chosen = access.groups ?? [];
  const toggle = (id: string) => {
    const groups = chosen.includes(id) ? chosen.filter(other => other !== id) : [...chosen, id];
    change({ ...access, groups: groups.length > 0 ? groups : null });
  };
  return html`<fieldset class="field">
    <legend>Only these groups <span class="optional">none ticked: all sources</span></legend>
    <div class="ticks">
      ${hub.value.groups.map(
        group => html`<label class="tick">
          <input type="checkbox" .checked=${live(chosen.includes(group.id))} @change=${() => toggle(group.id)} />${group.name}
        </label>`,
      )}
    </div>
  </fieldset>`;
}

/** What is sent: admins are never limited. */
export function accessBody({ role, groups }: Access): Access {
  return { role, groups: role === 'admin' ? null : groups };
}

/** Role and limit in a line: `Viewer · Garden, Entrance`. */
export function accessWords({ role, groups }: Access): string {
  if (groups === null) return ROLE_WORDS[role].name;
  const names = groups.map(id => hub.value.groups.find(group => group.id === id)?.name ?? id);
  return `${ROLE_WORDS[role].name} · ${names.join(', ') || 'no group'}`;
}
