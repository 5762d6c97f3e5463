/** `<app-recorder-logins>`: logins for recorders that play streams over RTSP; a password is shown once. */
import { html, nothing, type TemplateResult } from 'lit';
import { LightElement } from '#app/light-element.ts';
import { list, request, sentenceOf } from '#app/net/request.ts';
import { renderCopy, renderNotice } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';

interface StreamLogin {
  name: string;
  groups: string[] | null;
}

class RecorderLogins extends LightElement {
  static override properties = {
    name: { state: true },
    made: { state: true },
    failure: { state: true },
  };

  declare name: string;
  /** The login that was just made, with its password. */
  declare made: (StreamLogin & { secret: string }) | undefined;
  declare failure: string;
  readonly #logins = new Loaded<StreamLogin[]>(this, () => list('api/stream-logins'));

  constructor() {
    super();
    this.name = '';
    this.failure = '';
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-label="Logins for recorders">
      <h2>Logins for recorders</h2>
      <p class="soft">For Frigate, Blue Iris and other recorders that play sources over RTSP, at the address on the page of each source. The password opens nothing else.</p>
      <div role="status">${this.made ? this.#renderMade(this.made) : nothing}</div>
      ${this.#logins.render(logins =>
        logins.length === 0
          ? html`<p class="soft">No login yet.</p>`
          : html`<ul class="rows" data-test="recorder-logins">${logins.map(login => this.#renderLogin(login))}</ul>`,
      )}
      <form class="inner-form" novalidate aria-label="Make a login" @submit=${this.#make}>
        ${this.failure ? renderNotice('bad', this.failure) : nothing}
        <div class="field">
          <label for="recorder-name">User name</label>
          <input id="recorder-name" data-test="recorder-name" maxlength="40" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="frigate"
            .value=${this.name} @input=${(event: Event) => {
              this.name = (event.target as HTMLInputElement).value;
            }} />
        </div>
        <div class="actions"><button type="submit" class="button" data-test="recorder-save">${icon('plus')}Make a login</button></div>
      </form>
    </section>`;
  }

  #renderMade({ name, secret }: StreamLogin & { secret: string }): TemplateResult {
    return renderNotice(
      'good',
      html`<p><strong>Copy the password of ${name} now.</strong> It is shown this once.</p>
        ${renderCopy('Password', secret)}`,
    );
  }

  #renderLogin(login: StreamLogin): TemplateResult {
    return html`<li>
      <span class="face" aria-hidden="true">${icon('key')}</span>
      <div class="row-words">
        <strong>${login.name}</strong>
        <p>${login.groups === null ? 'All sources' : login.groups.join(', ')}</p>
      </div>
      <button type="button" class="icon-button" aria-label=${`Withdraw ${login.name}`} title="Withdraw" data-test="recorder-withdraw"
        @click=${() => runAndSay(() => this.#withdraw(login))}>${icon('bin')}</button>
    </li>`;
  }

  readonly #make = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.failure = '';
    try {
      const body = { name: this.name.trim() };
      const made = await request<StreamLogin & { secret: string }>('POST', 'api/stream-logins', body);
      this.made = made;
      this.name = '';
      this.#logins.change(logins => [...logins, made]);
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    }
  };

  async #withdraw({ name }: StreamLogin): Promise<string> {
    const { ask } = await import('#app/parts/confirm.ts');
    const isAgreed = await ask({
      title: `Withdraw ${name}?`,
      body: 'Recorders that use this login stop at once. Its password cannot be shown again: to let them back in, you make a new login and enter it there.',
      verb: 'Withdraw',
      isDangerous: true,
    });
    if (!isAgreed) return '';
    await request('DELETE', `api/stream-logins/${encodeURIComponent(name)}`);
    this.#logins.change(logins => logins.filter(other => other.name !== name));
    if (this.made?.name === name) this.made = undefined;
    return 'The login no longer works.';
  }
}

define('app-recorder-logins', RecorderLogins);
