/** The addresses of a relay: what a camera calls itself, and what the program behind the relay is told instead. */

/** A camera names one or two places; more are its mistake. */
const MAX_ORIGINS = 16;
const ABSOLUTE = /^(rtsps?:\/\/[^/?#\s]+)(\S*)$/i;

/** Rewrites both ways. Only scheme and host change, so that whatever is appended to an address stays where it is. */
export class RelayAddresses {
  readonly url: string;
  readonly #cameraUrl: string;
  readonly #origins: string[] = [];

  /** `url` is the one of the relay, with its token; it says nothing of the camera, for programs show their arguments. */
  constructor(url: string, cameraUrl: string) {
    this.url = url;
    this.#cameraUrl = cameraUrl;
  }

  /** What the camera is asked for; undefined for an address that is not the relay's. */
  toCamera(url: string): string | undefined {
    if (!url.startsWith(this.url)) return undefined;
    const rest = url.slice(this.url.length);
    if (rest === '' || rest === '/') return this.#cameraUrl;
    const [, index, path = ''] = /^\/(\d{1,2})([/?].*)?$/.exec(rest) ?? [];
    const origin = index === undefined ? undefined : this.#origins[Number(index)];
    return origin === undefined ? undefined : origin + path;
  }

  /** What the program is told; text that is no address stays as it is. */
  toRelay(text: string): string {
    const [, origin, rest = ''] = ABSOLUTE.exec(text.trim()) ?? [];
    if (origin === undefined) return text;
    const known = this.#origins.indexOf(origin);
    if (known < 0 && this.#origins.length < MAX_ORIGINS) this.#origins.push(origin);
    const index = known < 0 ? this.#origins.length - 1 : known;
    return `${this.url}/${index}${/^[/?]/.test(rest) ? rest : ''}`;
  }

  /** The base that tracks are named from; the address itself when the camera gives none that is absolute. */
  base(header = ''): string {
    return this.toRelay(ABSOLUTE.test(header.trim()) ? header : this.#cameraUrl);
  }

  /** A description, whose tracks may be named by absolute addresses. */
  sdp(text: string): string {
    return text.replace(
      /^(a=control:)[ \t]*(rtsps?:\/\/\S+)/gim,
      (_all, name: string, url: string) => name + this.toRelay(url),
    );
  }

  /** `url=…;seq=…` of each track. */
  rtpInfo(text: string): string {
    return text.replace(
      /(\burl=)("?)(rtsps?:\/\/[^\s;,"]+)/gi,
      (_all, name: string, quote: string, url: string) => name + quote + this.toRelay(url),
    );
  }
}
