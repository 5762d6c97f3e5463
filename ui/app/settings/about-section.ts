/** `<app-about-section>`: what this hub is, how it does, and where to read more. */
import { html, type TemplateResult } from 'lit';
import '#widgets/age.ts';
import { hub } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { addressOf } from '#app/net/address.ts';
import { request } from '#app/net/request.ts';
import { brandMark } from '#app/parts/brand.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { sizeText } from '#app/source/source-facts.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { HubInfo } from './shapes.ts';

class AboutSection extends LightElement {
  readonly #info = new Loaded<HubInfo>(this, () => request('GET', 'api/info'));

  override render(): TemplateResult {
    return html`<section class="card about" aria-label="About">
        ${brandMark('about')}
        <div>
          <h2>Glimpser ${hub.value.version}</h2>
          <p class="soft">Turns cameras and websites into pictures, events and Home Assistant entities. Everything stays on your machine.</p>
        </div>
      </section>
      <section class="card" aria-label="This hub">
        ${this.#info.render(info => renderFacts(info), 1)}
      </section>
      <section class="card" aria-label="Read more">
        <h2>Read more</h2>
        <ul class="rows">
          <li><a href=${addressOf('docs/index.html')} data-test="api-docs">${icon('link')} The API, every call described</a></li>
          <li><a href=${addressOf('api/openapi.json')} download="glimpser-openapi.json">${icon('download')} The API's description as a file</a></li>
        </ul>
        <p class="soft">The manual lies beside the program as DOCS.md. Glimpser is free software under the MIT licence.</p>
      </section>`;
  }
}

function renderFacts(info: HubInfo): TemplateResult {
  const { total, online, failed } = info.sources;
  const facts: Array<[string, TemplateResult | string]> = [
    ['Started', html`<glimpser-age .at=${info.startedAt}></glimpser-age>`],
    [
      'Sources',
      `${online} of ${total} give pictures${failed > 0 ? `, ${failed} ${failed === 1 ? 'fails' : 'fail'}` : ''}`,
    ],
    ['Kept pictures', sizeText(info.storageBytes)],
    ['Node', info.node],
    ['Id in MQTT', info.instance],
  ];
  return html`<dl class="facts">
    ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

define('app-about-section', AboutSection);
