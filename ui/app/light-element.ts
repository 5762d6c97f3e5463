/** An element of the app itself: it draws into the page, so that the app's one style sheet and its labels reach it. */
import { LitElement } from 'lit';
import { hub } from '#app/hub/hub.ts';
import { Watch } from '#app/hub/store.ts';

/** Base of pages and parts; draws again whenever the hub's data change. */
export class LightElement extends LitElement {
  constructor() {
    super();
    new Watch(this, hub);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
