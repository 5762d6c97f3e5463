/** Asks the local network which ONVIF devices are there: one multicast question, many answers (WS-Discovery). */
import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Clock } from './clock.ts';
import { GlimpserError, sentenceOf } from './errors.ts';
import { elementsNamed, readXml, textAt, type XmlElement } from './xml.ts';

/** A device that answered. What it says of itself is not to be trusted; `from` is where the answer came from. */
export interface WsDevice {
  from: string;
  /** The addresses that it claims, as it wrote them. */
  addresses: string[];
  name: string;
  maker: string;
  model: string;
}

/** How it is asked. */
export interface WsQuestion {
  /** Addresses of this machine, one on each network that is asked. */
  interfaces: readonly string[];
  /** How long answers are listened for. */
  forMs: number;
  clock: Clock;
  signal: AbortSignal;
  onFound(device: WsDevice): void;
  /** Set by tests; the multicast address of the standard otherwise. */
  to?: { host: string; port: number };
}

const MULTICAST = { host: '239.255.255.250', port: 3702 };
/** Datagrams get lost. */
const ASK_AT_MS = [0, 500, 1500];
const MAX_ANSWERS = 1000;
const MAX_CHARACTERS = 20_000;

/** Asks and listens until the time is over. Throws `source-unreachable` when no network could be asked. */
export async function askForDevices(question: WsQuestion): Promise<void> {
  const outcomes = await Promise.allSettled(question.interfaces.map(local => askFrom(local, question)));
  question.signal.throwIfAborted();
  const failures = outcomes.filter(outcome => outcome.status === 'rejected');
  if (failures.length < outcomes.length) return;
  const why = failures.length === 0 ? 'this machine is in no network' : sentenceOf(failures[0]?.reason);
  const sentence = `The network could not be asked for ONVIF cameras: ${why}. In a container, give it the network of the host.`;
  throw new GlimpserError('source-unreachable', sentence);
}

async function askFrom(local: string, question: WsQuestion): Promise<void> {
  const { clock, signal, forMs, onFound } = question;
  const { host, port } = question.to ?? MULTICAST;
  const socket = createSocket('udp4');
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  socket.on('error', failed.reject);
  let answers = 0;
  socket.on('message', (message, from) => {
    const device = answers++ < MAX_ANSWERS ? readAnswer(message, from) : undefined;
    if (device) onFound(device);
  });
  try {
    await Promise.race([open(socket, local), failed.promise]);
    let passedMs = 0;
    for (const atMs of [...ASK_AT_MS.filter(ms => ms < forMs), forMs]) {
      await Promise.race([clock.sleep(atMs - passedMs, signal), failed.promise]);
      passedMs = atMs;
      if (atMs < forMs) await Promise.race([send(socket, host, port), failed.promise]);
    }
  } finally {
    socket.close();
  }
}

async function open(socket: Socket, local: string): Promise<void> {
  await new Promise<void>(resolve => socket.bind(0, local, resolve));
  socket.setMulticastInterface(local);
  socket.setMulticastTTL(1);
}

function send(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(probe(), port, host, failure => (failure ? reject(failure) : resolve()));
  });
}

/** Written as old cameras expect it: SOAP 1.2 with the addressing of 2004. */
function probe(): string {
  return `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:${randomUUID()}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>`;
}

/** Undefined for what is no answer: anybody may send datagrams. */
function readAnswer(message: Buffer, { address }: RemoteInfo): WsDevice | undefined {
  try {
    const text = message.toString('utf8');
    if (text.length > MAX_CHARACTERS) return undefined;
    const [match] = elementsNamed(readXml(text), 'ProbeMatch');
    return match && readMatch(match, address);
  } catch {
    return undefined;
  }
}

function readMatch(match: XmlElement, from: string): WsDevice {
  const scopes = textAt(match, 'Scopes').split(/\s+/);
  return {
    from,
    addresses: textAt(match, 'XAddrs').split(/\s+/).filter(Boolean).slice(0, 8),
    name: scopeOf(scopes, 'name'),
    maker: scopeOf(scopes, 'manufacturer') || scopeOf(scopes, 'mfr'),
    model: scopeOf(scopes, 'hardware') || scopeOf(scopes, 'model'),
  };
}

/** Scopes are addresses such as `onvif://www.onvif.org/name/Front%20door`. */
function scopeOf(scopes: readonly string[], what: string): string {
  const start = `onvif://www.onvif.org/${what}/`;
  const scope = scopes.find(one => one.toLowerCase().startsWith(start));
  const written = scope?.slice(start.length).replace(/\/.*$/, '') ?? '';
  try {
    return decodeURIComponent(written).replaceAll('_', ' ').trim().slice(0, 80);
  } catch {
    return written.slice(0, 80);
  }
}
