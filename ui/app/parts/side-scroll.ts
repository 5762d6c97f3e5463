/** Lists that scroll sideways on phones: the entry where one is comes into view, and faded edges show that there is more. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Sides on which a list goes on. */
export type More = 'none' | 'start' | 'end' | 'both';

/** A pixel or two of rounding is no more to see. */
const SLACK = 2;

/** Where a list goes on beyond what is seen of it; right to left it scrolls into negative numbers. */
export function moreOf(list: Pick<Element, 'scrollLeft' | 'scrollWidth' | 'clientWidth'>): More {
  const before = Math.abs(list.scrollLeft);
  const after = list.scrollWidth - list.clientWidth - before;
  if (before > SLACK && after > SLACK) return 'both';
  if (before > SLACK) return 'start';
  return after > SLACK ? 'end' : 'none';
}

/** Looks after the list that a selector finds inside an element; its `data-more` says where it goes on. */
export class SideScroll implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #selector: string;
  readonly #sizes = new ResizeObserver(() => this.#settle());
  #list: Element | null = null;
  #current: Element | null = null;

  constructor(host: ReactiveControllerHost & Element, selector: string) {
    this.#host = host;
    this.#selector = selector;
    host.addController(this);
  }

  hostUpdated(): void {
    const list = this.#host.querySelector(this.#selector);
    if (list !== this.#list) this.#follow(list);
    const current = list?.querySelector('[aria-current]') ?? null;
    if (current !== this.#current) this.#show(current);
    this.#current = current;
    this.#mark();
  }

  hostDisconnected(): void {
    this.#follow(null);
    this.#current = null;
  }

  #follow(list: Element | null): void {
    this.#list?.removeEventListener('scroll', this.#mark);
    this.#sizes.disconnect();
    this.#list = list;
    if (!list) return;
    list.addEventListener('scroll', this.#mark, { passive: true });
    this.#sizes.observe(list);
  }

  /** Sizes change when the page gets its style and when a phone is turned. */
  #settle(): void {
    this.#show(this.#current);
    this.#mark();
  }

  readonly #mark = (): void => {
    this.#list?.setAttribute('data-more', moreOf(this.#list));
  };

  /** Scrolls the list so that its current entry is seen; the page itself stays where it is. */
  #show(current: Element | null): void {
    const list = this.#list;
    if (!list || !current || list.scrollWidth <= list.clientWidth) return;
    const listBox = list.getBoundingClientRect();
    const box = current.getBoundingClientRect();
    list.scrollLeft += box.left + box.width / 2 - (listBox.left + listBox.width / 2);
  }
}
