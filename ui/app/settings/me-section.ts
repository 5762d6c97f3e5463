/** `<app-me-section>`: one's own account: theme, password, and the devices that are logged in. */
import { html, nothing, type TemplateResult } from 'lit';
import './password-form.ts';
import '#widgets/age.ts';
import { hub, leave } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { list, request } from '#app/net/request.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { chooseTheme, chosenTheme, type Theme } from '#app/theme.ts';
import { define } from '#widgets/define.ts';
import { type IconName, icon } from '#widgets/icons.ts';
import { deviceWords } from './device-words.ts';
import { ROLE_WORDS, type Session } from './shapes.ts';

const THEMES: Array<{ id: Theme; label: string; sign: IconName }> = [
  { id: 'system', label: 'As the device', sign: 'settings' },
  { id: 'light', label: 'Light', sign: 'sun' },
  { id: 'dark', label: 'Dark', sign: 'moon' },
];

class MeSection extends LightElement {
  readonly #sessions = new Loaded<Session[]>(this, async () =>
    hub.value.isIngress ? [] : list('api/auth/sessions'),
  );

  override render(): TemplateResult {
    const { me, isIngress } = hub.value;
    return html`${me ? this.#renderMe(me.name, ROLE_WORDS[me.role].name, isIngress) : nothing} ${this.#renderTheme()}
      ${
        isIngress || me?.by !== 'cookie'
          ? nothing
          : html`<section class="card" aria-label="Password">
                <h2>Password</h2>
                <p class="soft">Changing it ends every other login.</p>
                <app-password-form @changed=${() => this.#sessions.load()}></app-password-form>
              </section>
              ${this.#renderSessions()}`
      }`;
  }

  #renderMe(name: string, role: string, isIngress: boolean): TemplateResult {
    return html`<section class="card me-card" aria-label="You">
      <span class="face" aria-hidden="true">${name.slice(0, 1).toUpperCase()}</span>
      <div>
        <h2>${name}</h2>
        <p class="soft">${role}${isIngress ? ' · through Home Assistant' : ''}</p>
      </div>
      ${
        isIngress
          ? nothing
          : html`<button type="button" class="button" data-test="logout" @click=${() =>
              runAndSay(async () => {
                await leave();
                return '';
              })}>${icon('leave')}Log out</button>`
      }
    </section>`;
  }

  #renderTheme(): TemplateResult {
    const chosen = chosenTheme();
    return html`<section class="card" aria-label="Look">
      <h2 id="theme-title">Look</h2>
      <p class="soft">On this device.</p>
      <div class="actions" role="group" aria-labelledby="theme-title">
        ${THEMES.map(
          theme => html`<button type="button" class="button" data-test=${`theme-${theme.id}`}
            aria-pressed=${theme.id === chosen ? 'true' : 'false'}
            @click=${() => {
              chooseTheme(theme.id);
              this.requestUpdate();
            }}>
            ${icon(theme.sign)}${theme.label}
          </button>`,
        )}
      </div>
    </section>`;
  }

  #renderSessions(): TemplateResult {
    return html`<section class="card" aria-label="Where you are logged in">
      <h2>Where you are logged in</h2>
      <p class="soft">End what you do not know.</p>
      ${this.#sessions.render(
        sessions => html`<ul class="rows" data-test="sessions">
            ${sessions.map(session => this.#renderSession(session))}
          </ul>
          ${
            sessions.length > 1
              ? html`<div class="actions section-end">
                  <button type="button" class="button" @click=${() => runAndSay(() => this.#endOthers())}>End all others</button>
                </div>`
              : nothing
          }`,
      )}
    </section>`;
  }

  #renderSession(session: Session): TemplateResult {
    const device = deviceWords(session.agent);
    return html`<li>
      <div class="row-words">
        <strong>${device}</strong> ${session.isCurrent ? html`<span class="tag is-here">This device</span>` : nothing}
        <p>${session.address} · seen <glimpser-age .at=${session.lastSeenAt}></glimpser-age></p>
      </div>
      ${
        session.isCurrent
          ? nothing
          : html`<button type="button" class="button is-small" aria-label=${`End the login of ${device}`}
              @click=${() => runAndSay(() => this.#end(session))}>End</button>`
      }
    </li>`;
  }

  async #end(session: Session): Promise<string> {
    await request('DELETE', `api/auth/sessions/${session.id}`);
    this.#sessions.change(sessions => sessions.filter(other => other.id !== session.id));
    return 'That login has ended.';
  }

  async #endOthers(): Promise<string> {
    await request('DELETE', 'api/auth/sessions');
    this.#sessions.change(sessions => sessions.filter(session => session.isCurrent));
    return 'All other logins have ended.';
  }
}

define('app-me-section', MeSection);
