/** Finds the places of the app that a sentence names. */
import type { Route } from '#app/router.ts';

const PLACES: Readonly<Record<string, Route>> = {
  'Settings, Hub': { page: 'settings', section: 'hub' },
  'Settings, API keys': { page: 'settings', section: 'keys' },
};
const NAMES = new RegExp(`(${Object.keys(PLACES).join('|')})`);

/** A piece of a sentence; with a route it names a place. */
export interface SentencePart {
  words: string;
  route: Route | undefined;
}

/** The pieces of a sentence, in order; together they are the sentence. */
export function partsOf(sentence: string): SentencePart[] {
  const parts = sentence.split(NAMES).filter(words => words !== '');
  return parts.map(words => ({ words, route: PLACES[words] }));
}
