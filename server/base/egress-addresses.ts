/** What a network address is: public, private, or one that is never opened, also when it hides inside another. */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The sorts of addresses that the egress guard tells apart. */
export type AddressSort =
  | 'public'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'metadata'
  | 'link-local'
  | 'unspecified'
  | 'multicast'
  | 'broadcast'
  | 'reserved';

/** A sort as a sentence names it. */
export const SORT_NAMES: Readonly<Record<AddressSort, string>> = {
  public: 'a public address',
  private: 'a private address',
  shared: 'a shared provider address',
  loopback: 'an address of this machine itself',
  metadata: 'a cloud metadata address',
  'link-local': 'a link-local address',
  unspecified: 'an unspecified address',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  reserved: 'a reserved address',
};

/** Where clouds answer with credentials; some of them lie inside ordinary ranges. */
const METADATA = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ].map(text => ipaddr.parse(text).toString()),
);

const SORTS: Readonly<Partial<Record<string, AddressSort>>> = {
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'shared',
  loopback: 'loopback',
  linkLocal: 'link-local',
  unspecified: 'unspecified',
  multicast: 'multicast',
  broadcast: 'broadcast',
};

const OPENABLE: ReadonlySet<AddressSort> = new Set(['public', 'private', 'shared', 'loopback']);

/** Addresses from best to worst: one that embeds others counts as the worst of them. */
const ORDER: readonly AddressSort[] = [
  'public',
  'shared',
  'private',
  'loopback',
  'reserved',
  'unspecified',
  'broadcast',
  'multicast',
  'link-local',
  'metadata',
];

const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** The address in its shortest form, IPv4-mapped ones as IPv4; undefined when the text is a name. */
export function plainAddress(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined;
}

/** What limits count by: an IPv6 network of 64 bits counts as one, because its addresses cost nothing. */
export function networkOf(text: string): string {
  const bare = text.replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return text;
  const address = ipaddr.process(bare);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${address.parts
    .slice(0, 4)
    .map(part => part.toString(16))
    .join(':')}::/64`;
}

/** What an address is. An IPv6 address that carries an IPv4 address is judged by both. */
export function sortOf(text: string): AddressSort {
  if (!ipaddr.isValid(text)) return 'reserved';
  const address = ipaddr.process(text);
  const embedded = address instanceof ipaddr.IPv6 ? embeddedIn(address) : [];
  const own = embedded.length > 0 ? [] : [plainSort(address)];
  const sorts = [...own, ...embedded.map(plainSort)];
  return sorts.reduce((worst, sort) => (ORDER.indexOf(sort) > ORDER.indexOf(worst) ? sort : worst), 'public');
}

/** True for what no setting opens. */
export function isNeverOpened(sort: AddressSort): boolean {
  return !OPENABLE.has(sort);
}

function plainSort(address: Address): AddressSort {
  if (METADATA.has(withoutZone(address))) return 'metadata';
  const range: string = address.range();
  if (range !== 'unicast') return SORTS[range] ?? 'reserved';
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST)) return 'reserved';
  return 'public';
}

function withoutZone(address: Address): string {
  return address.toString().replace(/%.*$/, '');
}

/** The IPv4 addresses that routers on the way could unpack. */
function embeddedIn(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const at = (start: number, mask = 0) =>
    new ipaddr.IPv4(bytes.slice(start, start + 4).map(byte => byte ^ mask));
  const range: string = address.range();
  if (range === '6to4') return [at(2)];
  if (range === 'teredo') return [at(4), at(12, 0xff)];
  if (range === 'rfc6145') return [at(12)];
  // Of the translation prefixes only the well-known one says where the IPv4 address lies.
  if (range === 'rfc6052') return bytes[5] === 0 ? [at(12)] : [];
  const isCompatible = bytes.slice(0, 12).every(byte => byte === 0) && range === 'unicast';
  return isCompatible ? [at(12)] : [];
}
