/** How the kinds of sources stand on the page to add one: the usual three first, the rest by what people have. */
import type { KindInfo } from '#widgets/shapes.ts';

/** Kinds below one heading; the first group has none. */
export interface KindGroup {
  title: string;
  kinds: KindInfo[];
}

/** Cameras and websites are equals. */
const USUAL = ['rtsp', 'onvif', 'website'];
const GROUPS: Array<{ title: string; ids: string[] }> = [
  { title: 'Cameras', ids: ['mjpeg', 'image', 'usb'] },
  { title: 'Websites & dashboards', ids: ['pdf'] },
  { title: 'Streams & files', ids: ['hls', 'ytdlp', 'file'] },
  { title: 'Others', ids: ['push', 'wall', 'test'] },
];

/** The groups that have kinds, in their order; a kind that is not known here stands with its family. */
export function groupKinds(kinds: readonly KindInfo[]): KindGroup[] {
  const placed = new Map<string, KindInfo[]>();
  for (const kind of kinds) {
    const title = titleFor(kind);
    placed.set(title, [...(placed.get(title) ?? []), kind]);
  }
  const order = [...USUAL, ...GROUPS.flatMap(({ ids }) => ids)];
  const rank = ({ id }: KindInfo) => (order.includes(id) ? order.indexOf(id) : order.length);
  return ['', ...GROUPS.map(({ title }) => title)].flatMap(title => {
    const found = placed.get(title) ?? [];
    return found.length > 0 ? [{ title, kinds: found.toSorted((a, b) => rank(a) - rank(b)) }] : [];
  });
}

function titleFor({ id, family }: KindInfo): string {
  if (USUAL.includes(id)) return '';
  const group = GROUPS.find(({ ids }) => ids.includes(id));
  return group?.title ?? (family === 'website' ? 'Websites & dashboards' : 'Cameras');
}
