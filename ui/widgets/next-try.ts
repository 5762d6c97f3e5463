/** `<glimpser-next-try>`: when a source that failed is tried again, such as `Next try in 12 s.` */
import { html, nothing, type TemplateResult } from 'lit';
import { Age } from './age.ts';
import { instantText, nextTryText } from './ages.ts';
import { define } from './define.ts';

class NextTry extends Age {
  override render(): TemplateResult | typeof nothing {
    if (!this.at) return nothing;
    const now = Date.now();
    return html`<time datetime=${this.at} title=${instantText(this.at, now)}>${nextTryText(Date.parse(this.at) - now)}</time>`;
  }
}

define('glimpser-next-try', NextTry);
