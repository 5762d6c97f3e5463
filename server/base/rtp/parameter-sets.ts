/** The parameter sets of a video track: known from its description, kept up to date from what it sends. */
import type { MediaTrack } from './media.ts';
import type { Nal } from './nal.ts';

const NAMES = ['vps', 'sps', 'pps'] as const;
type SetName = (typeof NAMES)[number];

/** What a decoder must know before the first picture. */
export class ParameterSets {
  readonly #needed: readonly SetName[];
  readonly #sets = new Map<SetName, Buffer[]>();
  /** Sets of the unit that is being read; a new one replaces all of its name that an earlier unit brought. */
  readonly #fresh = new Set<SetName>();

  constructor({ codec, format }: Pick<MediaTrack, 'codec' | 'format'>) {
    this.#needed = codec === 'H265' ? NAMES : ['sps', 'pps'];
    const fields = readFormat(format);
    if (codec === 'H265') for (const name of NAMES) this.#add(name, fields.get(`sprop-${name}`));
    else this.#addH264(fields.get('sprop-parameter-sets'));
  }

  /** In the order in which they are sent. */
  get all(): Buffer[] {
    return this.#needed.flatMap(name => this.#sets.get(name) ?? []);
  }

  get isComplete(): boolean {
    return this.#needed.every(name => this.#sets.has(name));
  }

  /** Names that are needed and not among these. */
  isMissingIn(roles: ReadonlySet<string>): boolean {
    return this.#needed.some(name => !roles.has(name));
  }

  /** Called where a unit begins. */
  beginUnit(): void {
    this.#fresh.clear();
  }

  /** Remembers a set that the stream itself carries. */
  observe({ role, bytes }: Nal): void {
    const name = this.#needed.find(one => one === role);
    if (name === undefined || bytes === undefined) return;
    const before = this.#fresh.has(name) ? (this.#sets.get(name) ?? []) : [];
    this.#fresh.add(name);
    // A copy: a view would hold on to the whole block that was read from the network.
    this.#sets.set(name, [...before, Buffer.from(bytes)]);
  }

  /** The parameters of the encoding with the sets in them, for a description that lacked them. */
  completed({ codec, format }: Pick<MediaTrack, 'codec' | 'format'>): string {
    const has = (name: string) => readFormat(format).has(name);
    const text = (name: SetName) => (this.#sets.get(name) ?? []).map(set => set.toString('base64'));
    if (codec === 'H265') {
      const missing = NAMES.filter(name => !has(`sprop-${name}`) && this.#sets.has(name));
      return joined(format, ...missing.map(name => `sprop-${name}=${text(name).join(',')}`));
    }
    const level = this.#sets.get('sps')?.[0]?.subarray(1, 4).toString('hex');
    return joined(
      format,
      has('packetization-mode') ? '' : 'packetization-mode=1',
      has('sprop-parameter-sets') ? '' : `sprop-parameter-sets=${[...text('sps'), ...text('pps')].join(',')}`,
      has('profile-level-id') || level === undefined ? '' : `profile-level-id=${level.toUpperCase()}`,
    );
  }

  #addH264(list: string | undefined): void {
    for (const text of list?.split(',') ?? []) {
      const type = (Buffer.from(text, 'base64')[0] ?? 0) & 0x1f;
      if (type === 7 || type === 8) this.#add(type === 7 ? 'sps' : 'pps', text);
    }
  }

  #add(name: SetName, list: string | undefined): void {
    const sets = (list ?? '').split(',').map(text => Buffer.from(text, 'base64'));
    const usable = sets.filter(set => set.length > 0);
    if (usable.length > 0) this.#sets.set(name, [...(this.#sets.get(name) ?? []), ...usable]);
  }
}

function joined(...parts: string[]): string {
  return parts.filter(part => part !== '').join('; ');
}

/** Parameters by name in lower case. */
function readFormat(format: string): Map<string, string> {
  const pairs = format.split(';').map(part => {
    const at = part.indexOf('=');
    return at < 0 ? ([part, ''] as const) : ([part.slice(0, at), part.slice(at + 1)] as const);
  });
  return new Map(pairs.map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
}
