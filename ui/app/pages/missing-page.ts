/** The page for addresses that lead nowhere. */
import { html, type TemplateResult } from 'lit';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { define } from '#widgets/define.ts';

class MissingPage extends LightElement {
  override render(): TemplateResult {
    return html`<div class="page">
      <div class="empty-state">
        <h1>There is nothing here</h1>
        <p>The link may be old, or the source was deleted.</p>
        <div class="actions"><a class="button is-primary" href=${linkTo({ page: 'wall' })}>Go to the wall</a></div>
      </div>
    </div>`;
  }
}

define('app-missing-page', MissingPage);
