/** `<app-people-section>`: who can log in, with what rights. */
import { html, nothing, type TemplateResult } from 'lit';
import '#widgets/age.ts';
import './person-form.ts';
import { hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { list, request } from '#app/net/request.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { say } from '#app/parts/toasts.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import { accessWords } from './access-fields.ts';
import type { User } from './shapes.ts';

class PeopleSection extends LightElement {
  static override properties = { edited: { state: true } };

  /** The id of the person in the form; `new` for a new one; empty for none. */
  declare edited: string;
  readonly #people = new Loaded<User[]>(this, () => list('api/users'));

  constructor() {
    super();
    this.edited = '';
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-label="People">
      <h2>People</h2>
      <p class="soft">Everybody with a login of their own.</p>
      ${this.#people.render(
        people => html`<ul class="rows" data-test="people">
          ${people.map(person => this.#renderPerson(person))}
        </ul>`,
      )}
      ${
        this.edited === 'new'
          ? this.#renderForm(undefined)
          : html`<div class="actions section-end">
              <button type="button" class="button" data-test="add-person" @click=${() => this.#edit('new')}>${icon('plus')}Add a person</button>
            </div>`
      }
    </section>`;
  }

  #edit(id: string): void {
    this.edited = id;
  }

  #renderPerson(person: User): TemplateResult {
    if (this.edited === person.id) return html`<li>${this.#renderForm(person)}</li>`;
    const isMe = hub.value.me?.userId === person.id;
    return html`<li>
      <span class="face" aria-hidden="true">${person.name.slice(0, 1).toUpperCase()}</span>
      <div class="row-words">
        <strong>${person.name}</strong> ${isMe ? html`<span class="tag is-here">You</span>` : nothing}
        <p>${accessWords(person)} · ${person.lastSeenAt ? html`seen <glimpser-age .at=${person.lastSeenAt}></glimpser-age>` : 'never logged in'}</p>
      </div>
      <div class="row-tools">
        <button type="button" class="icon-button" aria-label=${`Change ${person.name}`} title="Change"
          @click=${() => this.#edit(person.id)}>${icon('pencil')}</button>
      ${
        isMe
          ? nothing
          : html`<button type="button" class="icon-button" aria-label=${`Remove ${person.name}`} title="Remove"
              @click=${() => runAndSay(() => this.#remove(person))}>${icon('bin')}</button>`
      }</div>
    </li>`;
  }

  #renderForm(person: User | undefined): TemplateResult {
    return html`<app-person-form
      .person=${person}
      @saved=${(event: CustomEvent<User>) => this.#saved(event.detail)}
      @cancel=${() => this.#edit('')}
    ></app-person-form>`;
  }

  #saved(person: User): void {
    this.#edit('');
    this.#people.change(people =>
      people.some(other => other.id === person.id)
        ? people.map(other => (other.id === person.id ? person : other))
        : [...people, person],
    );
    say('Saved.');
  }

  async #remove(person: User): Promise<string> {
    const { ask } = await import('#app/parts/confirm.ts');
    const isAgreed = await ask({
      title: `Remove ${person.name}?`,
      body: 'Every login of this person ends now.',
      verb: 'Remove',
      isDangerous: true,
    });
    if (!isAgreed) return '';
    await request('DELETE', `api/users/${person.id}`);
    this.#people.change(people => people.filter(other => other.id !== person.id));
    return `${person.name} was removed.`;
  }
}

define('app-people-section', PeopleSection);
