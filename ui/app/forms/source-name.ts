/** Names for sources that nobody has named yet. */
import type { KindInfo } from '#widgets/shapes.ts';
import type { Values } from './values.ts';

const LONGEST = 80;

/** What a source at an address is called, by kind; all others are cameras. */
const NOUNS: Record<string, string> = { image: 'Picture from', hls: 'Video from', ytdlp: 'Video from' };

/** What is known of a source without a name. */
export interface Unnamed {
  values: Values;
  /** What it calls itself, learned by a try: the title of a page, the model of a camera. */
  learnedName: string;
}

/** A good name: what the source calls itself, else where it is; with a number when others have that name. */
export function suggestName(
  { values, learnedName }: Unnamed,
  kind: Pick<KindInfo, 'id' | 'title' | 'family'>,
  taken: readonly string[] = [],
): string {
  const name = (tidied(learnedName) || placeName(values, kind) || plainTitle(kind)).slice(0, LONGEST);
  return unlike(name, new Set(taken.map(other => other.toLowerCase())));
}

function placeName(values: Values, kind: Pick<KindInfo, 'id' | 'family'>): string {
  const path = String(values['options.path'] ?? '');
  if (path !== '') return tidied(path.replace(/^.*\//, '').replace(/\.[a-z0-9]{1,5}$/i, ''));
  const host = hostOf(String(values['options.url'] ?? values['options.address'] ?? ''));
  if (host === '' || kind.family === 'website') return host;
  return `${NOUNS[kind.id] ?? 'Camera at'} ${host}`;
}

/** `Camera (RTSP)` is a camera. */
function plainTitle({ title }: Pick<KindInfo, 'title'>): string {
  return title.replace(/ \(.*\)$/, '');
}

/** The host of an address, also of one without a scheme. */
function hostOf(address: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  return URL.parse(whole)?.hostname.replace(/^www\./, '') ?? '';
}

function tidied(text: string): string {
  return text.replace(/[\s_]+/g, ' ').trim();
}

function unlike(name: string, taken: ReadonlySet<string>): string {
  let count = 2;
  let free = name;
  while (taken.has(free.toLowerCase())) {
    free = `${name.slice(0, LONGEST - 4)} ${count}`;
    count += 1;
  }
  return free;
}
