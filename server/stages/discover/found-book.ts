/** What was found, merged by address: several ways of looking meet the same camera. */
import type { DiscoveryMethod, Found, FoundWay } from '#model/discovery.ts';
import type { Picture } from '#model/frame.ts';

/** What one probe learned. */
export interface Finding {
  address: string;
  by: DiscoveryMethod;
  name?: string;
  maker?: string;
  model?: string;
  way?: FoundWay;
}

interface Entry {
  address: string;
  /** By how much the probe is to be trusted with names. */
  names: Map<DiscoveryMethod, string>;
  maker: string;
  model: string;
  ways: FoundWay[];
  by: Set<DiscoveryMethod>;
  seenAt: string;
  picture: Picture | undefined;
}

const MAX_FOUND = 300;
/** The best way first: ONVIF tells motion and moves, a stream gives more than stills. */
const KIND_ORDER = ['onvif', 'rtsp', 'mjpeg', 'image'];
const NAME_ORDER: readonly DiscoveryMethod[] = ['mdns', 'onvif', 'http', 'rtsp'];

/** Everything that was found since the start. */
export class FoundBook {
  readonly #entries = new Map<string, Entry>();

  /** Merges a finding; answers the id of what it belongs to. */
  add(finding: Finding, seenAt: string): string {
    const id = idOf(finding.address);
    const entry = this.#entries.get(id) ?? newEntry(finding.address);
    // Moved to the end, so that the oldest is dropped first.
    this.#entries.delete(id);
    this.#entries.set(id, merged(entry, finding, seenAt));
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > MAX_FOUND && oldest !== undefined) this.#entries.delete(oldest);
    return id;
  }

  setPicture(id: string, picture: Picture): void {
    const entry = this.#entries.get(id);
    if (entry) entry.picture = picture;
  }

  picture(id: string): Picture | undefined {
    return this.#entries.get(id)?.picture;
  }

  /** The newest first; what can not be added is left out. */
  list(sourceAt: (address: string) => string | null): Found[] {
    const found = [...this.#entries].map(([id, entry]) => shown(id, entry, sourceAt(entry.address)));
    return found.filter(({ ways }) => ways.length > 0).toReversed();
  }
}

function newEntry(address: string): Entry {
  const empty = { maker: '', model: '', seenAt: '', picture: undefined };
  return { ...empty, address, names: new Map(), ways: [], by: new Set() };
}

function merged(entry: Entry, { by, name, maker, model, way }: Finding, seenAt: string): Entry {
  const names = new Map(entry.names);
  if (name) names.set(by, name);
  return {
    ...entry,
    names,
    maker: maker || entry.maker,
    model: model || entry.model,
    ways: way ? withWay(entry.ways, way) : entry.ways,
    by: new Set([...entry.by, by]),
    seenAt,
  };
}

/** One way a kind: an open one wins over one that asks for a login, a newer one over an older. */
function withWay(ways: readonly FoundWay[], way: FoundWay): FoundWay[] {
  const same = ways.find(({ kind }) => kind === way.kind);
  const better = same && !same.needsLogin && way.needsLogin ? same : way;
  const others = ways.filter(({ kind }) => kind !== way.kind);
  const place = ({ kind }: FoundWay) => KIND_ORDER.indexOf(kind);
  return [...others, better].sort((a, b) => place(a) - place(b));
}

function shown(id: string, entry: Entry, sourceId: string | null): Found {
  const { address, maker, model, ways, by, seenAt, picture } = entry;
  return {
    id,
    name: nameOf(entry),
    maker,
    model,
    address,
    ways,
    needsLogin: ways.every(way => way.needsLogin),
    hasPicture: picture !== undefined,
    by: [...by],
    seenAt,
    sourceId,
  };
}

function nameOf({ names, maker, model, address }: Entry): string {
  const said = NAME_ORDER.map(method => names.get(method)).find(Boolean);
  const made = [maker, model].filter(Boolean).join(' ');
  return (said || made || `Camera at ${address}`).slice(0, 80);
}

function idOf(address: string): string {
  return address.replace(/[^A-Za-z0-9]+/g, '-');
}
