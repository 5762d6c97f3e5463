/** The Transport header (RFC 2326, 12.39): what a player offers, and what we take of it. */

/** One way to send that a player offers and we can go. */
export type Transport =
  | { kind: 'tcp'; channels: readonly [number, number] | undefined }
  | { kind: 'udp'; ports: readonly [number, number] };

const MIN_PORT = 1024;

/** The first offer that is unicast over TCP, or over UDP where that is possible; undefined when there is none. */
export function pickTransport(header: string, hasUdp: boolean): Transport | undefined {
  for (const offer of header.split(',').slice(0, 16)) {
    const transport = readOffer(offer.trim());
    if (transport && (transport.kind === 'tcp' || hasUdp)) return transport;
  }
  return undefined;
}

function readOffer(offer: string): Transport | undefined {
  const [profile = '', ...fields] = offer.split(';').map(part => part.trim());
  if (/^RTP\/AVP\/TCP$/i.test(profile))
    return { kind: 'tcp', channels: pairOf(fields, 'interleaved', 0, 255) };
  const isUdp = /^RTP\/AVP(\/UDP)?$/i.test(profile);
  // Without the word, RFC 2326 means multicast.
  const isUnicast = fields.some(field => field.toLowerCase() === 'unicast');
  const ports = pairOf(fields, 'client_port', MIN_PORT, 65_535);
  return isUdp && isUnicast && ports ? { kind: 'udp', ports } : undefined;
}

function pairOf(fields: readonly string[], name: string, least: number, most: number) {
  const field = fields.find(one => one.toLowerCase().startsWith(`${name}=`));
  const [, from, to] = /=(\d{1,5})(?:-(\d{1,5}))?$/.exec(field ?? '') ?? [];
  if (from === undefined) return undefined;
  const pair = [Number(from), to === undefined ? Number(from) + 1 : Number(to)] as const;
  return pair.every(one => one >= least && one <= most) ? pair : undefined;
}
