/** `<app-hub-section>`: name, pause and network of the hub, its problems, and starting it anew. */
import { html, nothing, type TemplateResult } from 'lit';
import './preferences-form.ts';
import { renderToggle } from '#app/forms/field-view.ts';
import type { Field } from '#app/forms/fields.ts';
import { hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { request } from '#app/net/request.ts';
import { renderNotice } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { HubInfo } from './shapes.ts';

/** What has no section or switch of its own. */
const isGeneral = ({ name }: Field) => !name.startsWith('mqtt.') && !['isPaused', 'hardware'].includes(name);

class HubSection extends LightElement {
  readonly #info = new Loaded<HubInfo>(this, () => request('GET', 'api/info'));

  override render(): TemplateResult {
    const problems = this.#info.value?.problems ?? [];
    return html`${problems.map(problem => renderNotice('bad', problem))}
      ${may('operator') ? this.#renderPause() : nothing}
      ${
        may('admin')
          ? html`<section class="card" aria-label="This hub">
                <h2>This hub</h2>
                <p class="soft">Its name here and in Home Assistant, and what sources may reach.</p>
                <app-preferences .fits=${isGeneral}></app-preferences>
              </section>
              ${this.#renderRestart()}`
          : nothing
      }`;
  }

  #renderPause(): TemplateResult {
    return html`<section class="card" aria-label="Pause">
      ${renderToggle({
        id: 'pause',
        label: 'Pause everything',
        help: 'No source is looked at while this is on. Kept pictures stay.',
        isOn: hub.value.isPaused,
        change: isPaused => void runAndSay(() => pause(isPaused)),
      })}
    </section>`;
  }

  #renderRestart(): TemplateResult {
    return html`<section class="card" aria-label="Restart">
      <h2>Restart</h2>
      <p class="soft">Ends the hub and starts it again. Pictures stop for a few seconds.</p>
      <button type="button" class="button" data-test="restart" @click=${() => runAndSay(restart)}>${icon('refresh')}Restart the hub</button>
    </section>`;
  }
}

async function pause(isPaused: boolean): Promise<string> {
  try {
    await request('POST', `api/schedule/${isPaused ? 'pause' : 'resume'}`);
    hub.set({ isPaused });
  } finally {
    // Draws the switch as it really is when the hub refused.
    hub.set({});
  }
  return isPaused ? 'Everything is paused.' : 'Pictures come again.';
}

async function restart(): Promise<string> {
  const { ask } = await import('#app/parts/confirm.ts');
  const isAgreed = await ask({
    title: 'Restart the hub?',
    body: 'It is back within seconds. Recorders and Home Assistant connect again by themselves.',
    verb: 'Restart',
  });
  if (!isAgreed) return '';
  await request('POST', 'api/restart');
  return 'Restarting…';
}

define('app-hub-section', HubSection);
