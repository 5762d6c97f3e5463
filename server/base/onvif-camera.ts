/** One ONVIF camera: its clock, its services, and the rule that nothing it names may lead to another machine. */
import type { Target } from './egress.ts';
import { hostPort, shownUrl } from './egress-url.ts';
import { GlimpserError } from './errors.ts';
import { SPACES } from './onvif-envelope.ts';
import { OnvifSoap, type SoapPeer, SoapRefusal, type SoapRequest } from './onvif-soap.ts';
import { elementAt, elementsNamed, textAt, type XmlElement } from './xml.ts';

/** Where a camera is. */
export interface OnvifPlace {
  /** `host`, `host:port`, or the whole address of its device service. */
  address: string;
  /** Whatever the camera calls itself, it is asked at `address`: for cameras behind a router. */
  isOnlyAddress: boolean;
}

/** What a camera says of itself. */
export interface OnvifFacts {
  maker: string;
  model: string;
  firmware: string;
  serial: string;
}

/** The services that we ask. `media2` is the newer one, which some cameras have alone. */
export type OnvifService = 'media' | 'media2' | 'ptz' | 'events';

const SERVICE_SPACES: Readonly<Record<OnvifService, string>> = {
  media: SPACES.trt,
  media2: SPACES.tr2,
  ptz: SPACES.tptz,
  events: SPACES.tev,
};
const SCHEMES = { http: ['http', 'https'], rtsp: ['rtsp', 'rtsps'] } as const;

/** A camera that answered. */
export class OnvifCamera {
  readonly name: string;
  readonly #peer: SoapPeer;
  readonly #soap: OnvifSoap;
  readonly #place: OnvifPlace;
  readonly #home: Target;
  #services: ReadonlyMap<OnvifService, string> = new Map();

  private constructor(peer: SoapPeer, place: OnvifPlace, home: Target) {
    this.name = peer.name;
    this.#peer = peer;
    this.#soap = new OnvifSoap(peer);
    this.#place = place;
    this.#home = home;
  }

  /** Asks a camera for its clock and its services. Throws what `OnvifSoap.call` throws. */
  static async open(peer: SoapPeer, place: OnvifPlace, signal: AbortSignal): Promise<OnvifCamera> {
    const url = deviceUrl(place.address);
    const home = await peer.egress.check(url, { protocols: SCHEMES.http, reach: 'lan' }, signal);
    const camera = new OnvifCamera(peer, place, home);
    await camera.#readClock(signal);
    camera.#services = await camera.#readServices(signal);
    return camera;
  }

  has(service: OnvifService): boolean {
    return this.#services.has(service);
  }

  /** What it is. */
  async facts(signal: AbortSignal): Promise<OnvifFacts> {
    const answer = await this.#device('<tds:GetDeviceInformation/>', { signal });
    const fact = (name: string) => textAt(answer, name).slice(0, 120);
    return {
      maker: fact('Manufacturer'),
      model: fact('Model'),
      firmware: fact('FirmwareVersion'),
      serial: fact('SerialNumber'),
    };
  }

  /** Asks one of its services. Throws `source-broken` when it has none, and what `OnvifSoap.call` throws. */
  async call(service: OnvifService, body: string, request: SoapRequest): Promise<XmlElement> {
    const told = this.#services.get(service);
    if (told === undefined)
      throw new GlimpserError('source-broken', `${this.name} has no ONVIF service for ${service}.`);
    const url = await this.ownUrl(told, `${service} service`, 'http', request.signal);
    return this.#soap.call(url, body, request);
  }

  /** Asks at an address that the camera told. */
  async callAt(told: string, what: string, body: string, request: SoapRequest): Promise<XmlElement> {
    return this.#soap.call(await this.ownUrl(told, what, 'http', request.signal), body, request);
  }

  /**
   * An address that the camera told, when it leads to the camera itself. Throws `address-refused` for every other:
   * whoever controls a camera must not decide what the hub opens.
   */
  async ownUrl(told: string, what: string, sort: 'http' | 'rtsp', signal: AbortSignal): Promise<string> {
    const url = this.#place.isOnlyAddress ? this.#moved(told, sort) : told;
    const target = await this.#checked(url, what, SCHEMES[sort], signal);
    const isOwn = target.addresses.some(address => this.#home.addresses.includes(address));
    if (isOwn) return url;
    const advice = 'If it stands behind a router, switch on “only this address” in the source.';
    const where = hostPort(target.host, target.port);
    const sentence = `${this.name} says that its ${what} is at ${where}, which is another machine, so it is not opened. ${advice}`;
    throw new GlimpserError('address-refused', sentence);
  }

  async #checked(
    url: string,
    what: string,
    protocols: readonly string[],
    signal: AbortSignal,
  ): Promise<Target> {
    try {
      return await this.#peer.egress.check(url, { protocols, reach: 'lan' }, signal);
    } catch (cause) {
      if (!(cause instanceof GlimpserError)) throw cause;
      const sentence = `${this.name} names a wrong address for its ${what}: ${cause.message}`;
      throw new GlimpserError(cause.code, sentence, { cause });
    }
  }

  /** The told path at the address that a person wrote; streams keep the port that was told. */
  #moved(told: string, sort: 'http' | 'rtsp'): string {
    const url = URL.parse(told);
    if (!url) throw new GlimpserError('source-broken', `${this.name} tells an address that cannot be read.`);
    const home = this.#home.url;
    if (sort === 'http') return `${home.protocol}//${home.host}${url.pathname}${url.search}`;
    const port = url.port === '' ? '' : `:${url.port}`;
    return `${url.protocol}//${home.hostname}${port}${url.pathname}${url.search}`;
  }

  #device(body: string, request: SoapRequest): Promise<XmlElement> {
    return this.#soap.call(bareHref(this.#home.url), body, request);
  }

  /** Many cameras have a wrong clock and refuse passwords that are stamped with the right one. */
  async #readClock(signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.#device('<tds:GetSystemDateAndTime/>', { signal, isAnonymous: true });
      const at = readTime(elementAt(answer, 'SystemDateAndTime', 'UTCDateTime'));
      if (at !== undefined) this.#soap.skewMs = at - this.#peer.clock.now();
    } catch (thrown) {
      // Some ask for a login even for the time of day; then their clock has to be right.
      const isRefused = thrown instanceof GlimpserError && thrown.code === 'source-refused-login';
      if (!isRefused && !(thrown instanceof SoapRefusal)) throw thrown;
    }
  }

  async #readServices(signal: AbortSignal): Promise<ReadonlyMap<OnvifService, string>> {
    const body = '<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>';
    const told = await this.#device(body, { signal }).then(readCapabilities, noRefusal);
    if (told?.has('media')) return told;
    const services =
      '<tds:GetServices><tds:IncludeCapability>false</tds:IncludeCapability></tds:GetServices>';
    const listed = await this.#device(services, { signal }).then(readServiceList, noRefusal);
    const all = new Map([...(listed ?? []), ...(told ?? [])]);
    if (all.has('media') || all.has('media2')) return all;
    const sentence = `${this.name} speaks ONVIF but names no service for pictures: ${shownUrl(this.#home.url.href)}.`;
    throw new GlimpserError('source-broken', sentence);
  }
}

/** The device service of a written address. */
export function deviceUrl(address: string): string {
  const text = address.trim();
  const whole = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  return /^https?:\/\/[^/?#]*\/?$/i.test(whole) ? `${whole.replace(/\/$/, '')}/onvif/device_service` : whole;
}

function bareHref(url: URL): string {
  return `${url.origin}${url.pathname}${url.search}`;
}

function noRefusal(thrown: unknown): undefined {
  if (!(thrown instanceof SoapRefusal)) throw thrown;
}

function readCapabilities(answer: XmlElement): Map<OnvifService, string> {
  const told = new Map<OnvifService, string>();
  const capabilities = elementAt(answer, 'Capabilities');
  for (const [service, name] of [
    ['media', 'Media'],
    ['ptz', 'PTZ'],
    ['events', 'Events'],
  ] as const) {
    const address = textAt(capabilities, name, 'XAddr');
    if (address !== '') told.set(service, address);
  }
  return told;
}

function readServiceList(answer: XmlElement): Map<OnvifService, string> {
  const told = new Map<OnvifService, string>();
  for (const listed of elementsNamed(answer, 'Service')) {
    const found = Object.entries(SERVICE_SPACES).find(([, space]) => space === textAt(listed, 'Namespace'));
    const address = textAt(listed, 'XAddr');
    if (found && address !== '') told.set(found[0] as OnvifService, address);
  }
  return told;
}

/** Undefined for what is no time of this or the last century. */
function readTime(utc: XmlElement | undefined): number | undefined {
  const number = (...path: string[]) => Number(textAt(utc, ...path));
  const year = number('Date', 'Year');
  if (!utc || !(year >= 1970 && year < 2100)) return undefined;
  const at = Date.UTC(
    year,
    number('Date', 'Month') - 1,
    number('Date', 'Day'),
    number('Time', 'Hour'),
    number('Time', 'Minute'),
    number('Time', 'Second'),
  );
  return Number.isFinite(at) ? at : undefined;
}
