/** Local networks as people write them (`192.168.1.0/24`): which hosts they hold, and which of them are ours. */
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { type AddressSort, SORT_NAMES, sortOf } from './egress-addresses.ts';
import { GlimpserError } from './errors.ts';

/** A network that this machine is in. */
export interface OwnSubnet {
  cidr: string;
  /** Our own address in it. */
  address: string;
  /** Name of the interface. */
  name: string;
}

/** A network that was read. */
export interface Subnet {
  cidr: string;
  hosts: string[];
}

/** Nothing larger is looked through: it would take long, and belong to many people. */
const SMALLEST_PREFIX = 24;
const OPENABLE: ReadonlySet<AddressSort> = new Set(['private', 'loopback']);

/** Together no more than this is looked through at a time. */
const MOST_HOSTS = 254;

/** Reads several networks, together at most a /24. Throws what `readSubnet` throws. */
export function readSubnets(texts: readonly string[]): Subnet[] {
  const subnets = texts.map(readSubnet);
  const hosts = subnets.reduce((sum, subnet) => sum + subnet.hosts.length, 0);
  if (hosts <= MOST_HOSTS) return subnets;
  const sentence = `These networks hold ${hosts} addresses together; at most a /24 (${MOST_HOSTS}) is looked through at a time.`;
  throw new GlimpserError('body-invalid', sentence);
}

/**
 * Reads a network. Throws `body-invalid` for what is none or is larger than a /24, and `address-refused` for one that
 * is not private.
 */
export function readSubnet(text: string): Subnet {
  const [address, prefix] = parse(text);
  if (prefix < SMALLEST_PREFIX) {
    const sentence = `${text} is too large. Write at most a /24, such as ${address}/24, and look through one after the other.`;
    throw new GlimpserError('body-invalid', sentence);
  }
  const first = startOf(address, prefix);
  const count = 2 ** (32 - prefix);
  // The first address of a network means the network, the last one everybody in it.
  const edge = count > 2 ? 1 : 0;
  const numbers = Array.from({ length: count - 2 * edge }, (_, index) => first + edge + index);
  const hosts = numbers.map(fromNumber);
  const wrong = hosts.map(sortOf).find(sort => !OPENABLE.has(sort));
  if (wrong === undefined) return { cidr: `${fromNumber(first)}/${prefix}`, hosts };
  const sentence = `${text} is ${SORT_NAMES[wrong]}. Only private networks are looked through, such as 192.168.1.0/24.`;
  throw new GlimpserError('address-refused', sentence);
}

/** The private networks of this machine; of a larger one, the /24 around our own address. */
export function ownSubnets(interfaces = networkInterfaces()): OwnSubnet[] {
  const entries = Object.entries(interfaces).flatMap(([name, list]) =>
    (list ?? []).map(one => ({ ...one, name })),
  );
  return entries.flatMap(({ family, internal, address, cidr, name }) => {
    if (family !== 'IPv4' || internal || sortOf(address) !== 'private') return [];
    const prefix = Math.max(SMALLEST_PREFIX, Number(cidr?.split('/')[1] ?? SMALLEST_PREFIX));
    return [{ cidr: `${fromNumber(startOf(address, prefix))}/${prefix}`, address, name }];
  });
}

function parse(text: string): [address: string, prefix: number] {
  const [, address = '', written = '32'] =
    /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(text.trim()) ?? [];
  const prefix = Number(written);
  if (ipaddr.IPv4.isValidFourPartDecimal(address) && prefix <= 32) return [address, prefix];
  const sentence = `“${text.slice(0, 40)}” is no network. Write it as 192.168.1.0/24, or one address alone.`;
  throw new GlimpserError('body-invalid', sentence);
}

function startOf(address: string, prefix: number): number {
  const number = ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return number - (number % 2 ** (32 - prefix));
}

function fromNumber(number: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.');
}
