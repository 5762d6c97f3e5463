/** Short numbers for the addresses that playlists name, so that no address stands in what FFmpeg is told and prints. */
import type { EgressRules } from './egress.ts';

/** An address with the rules that it is opened by. */
export interface WebAddress {
  url: string;
  rules: EgressRules;
}

/** How much one playlist may name: a page of the book. */
export const PAGE_LIMITS = { addresses: 20_000, characters: 8_000_000 } as const;

interface Page {
  numbers: Map<string, number>;
  addresses: Map<number, WebAddress>;
  characters: number;
}

/** Remembers addresses by number: what has not been named for a whole page is forgotten. */
export class WebBook {
  #page = emptyPage();
  #before = emptyPage();
  #last = 0;

  /** An address that is named again keeps its number: FFmpeg fetches a key anew when its address changes. */
  numberOf(address: WebAddress): number {
    // What one playlist may open, another may not.
    const key = `${address.rules.reach} ${address.url}`;
    const known = this.#page.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#before.numbers.get(key) ?? ++this.#last;
    if (isFull(this.#page, key.length)) [this.#before, this.#page] = [this.#page, emptyPage()];
    this.#page.numbers.set(key, number);
    this.#page.addresses.set(number, address);
    this.#page.characters += key.length;
    return number;
  }

  /** Undefined when it was forgotten, or never given. */
  at(number: number): WebAddress | undefined {
    return this.#page.addresses.get(number) ?? this.#before.addresses.get(number);
  }
}

function emptyPage(): Page {
  return { numbers: new Map(), addresses: new Map(), characters: 0 };
}

function isFull({ addresses, characters }: Page, more: number): boolean {
  return addresses.size >= PAGE_LIMITS.addresses || characters + more > PAGE_LIMITS.characters;
}
