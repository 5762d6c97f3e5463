/** `<app-versions-section>`: earlier settings, to go back to. */
import { html, type TemplateResult } from 'lit';
import '#widgets/age.ts';
import { loadWall } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { addressOf } from '#app/net/address.ts';
import { list, request } from '#app/net/request.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { sizeText } from '#app/source/source-facts.ts';
import { instantText } from '#widgets/ages.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { SettingsVersion } from './shapes.ts';

class VersionsSection extends LightElement {
  readonly #versions = new Loaded<SettingsVersion[]>(this, () => list('api/settings/versions'));

  override render(): TemplateResult {
    return html`<section class="card" aria-label="Earlier settings">
        <h2>Earlier settings</h2>
        <p class="soft">Each change keeps the settings as they were before: sources, groups and preferences. People and pictures are not part of it.</p>
        ${this.#versions.render(versions =>
          versions.length === 0
            ? html`<p class="soft">Nothing was changed yet.</p>`
            : html`<ul class="rows" data-test="versions">
                ${versions.map(version => this.#renderVersion(version))}
              </ul>`,
        )}
      </section>
      <section class="card" aria-label="Take your sources with you">
        <h2>Take your sources with you</h2>
        <p class="soft">A file with every source and group. Passwords are left out.</p>
        <a class="button" data-test="export" download="glimpser-sources.json" href=${addressOf('api/sources/export')}>${icon('download')}Download sources</a>
      </section>`;
  }

  #renderVersion(version: SettingsVersion): TemplateResult {
    const when = instantText(version.at, Date.now());
    return html`<li>
      <div class="row-words">
        <strong>${when}</strong>
        <p><glimpser-age .at=${version.at}></glimpser-age> · ${sizeText(version.bytes)}</p>
      </div>
      <button type="button" class="button is-small" aria-label=${`Go back to it: ${when}`} @click=${() => runAndSay(() => this.#restore(version, when))}>
        Go back to it
      </button>
    </li>`;
  }

  async #restore(version: SettingsVersion, when: string): Promise<string> {
    const { ask } = await import('#app/parts/confirm.ts');
    const isAgreed = await ask({
      title: 'Go back to earlier settings?',
      body: `Sources, groups and preferences become what they were until ${when}. What is there now is kept as a version, so you can come back.`,
      verb: 'Go back',
    });
    if (!isAgreed) return '';
    await request('POST', `api/settings/versions/${encodeURIComponent(version.id)}/restore`);
    await Promise.all([this.#versions.load(), loadWall()]);
    return 'The earlier settings are back.';
  }
}

define('app-versions-section', VersionsSection);
