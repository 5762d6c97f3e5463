/**
 * A relay between one FFmpeg and video on the web. FFmpeg is told an address of ours, and its proxy is the relay too, so
 * that it reaches nothing else; neither login nor address of the video stand among its arguments,
 * which every user of the machine can read.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { Egress, EgressRules } from './egress.ts';
import type { EgressRequest, EgressResponse } from './egress-fetch.ts';
import { shownUrl } from './egress-url.ts';
import { asGlimpserError, GlimpserError, isAbort } from './errors.ts';
import { HttpLogin, type SplitLogin } from './http-login.ts';
import { listenTcp } from './rtsp/listen.ts';
import { randomToken } from './secret.ts';
import { Turns } from './turns.ts';
import { type WebAddress, WebBook } from './web-book.ts';
import { leadElsewhere, listOfOne, namesPlaylists, PLAYLIST_BYTES } from './web-playlist.ts';

const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 16;
/** Shorter than FFmpeg waits, so that it hears why. */
const HEADERS_MS = 8000;
const KEEP_ALIVE_MS = 60_000;
/** FFmpeg prints its addresses; what follows these letters is left out where lines are redacted. */
const SECRET = 'token=';
const PASSED_ON = ['content-type', 'content-length', 'content-range', 'accept-ranges'] as const;

/** Where the video is. */
export interface WebRelayOptions extends SplitLogin {
  /** Sent to every server that the video leads to, so no secret belongs there. */
  headers: Readonly<Record<string, string>>;
  isPlaylist: boolean;
  rules: EgressRules;
  egress: Pick<Egress, 'fetch'>;
  /** For sentences. */
  name: string;
}

/** An open relay. */
export interface WebRelay extends AsyncDisposable {
  /** For `ffmpeg -http_proxy <proxyUrl> -i <url>`, on this machine; that of a playlist works once. */
  readonly url: string;
  readonly proxyUrl: string;
  /** Why the other side gave nothing: a better reason than the program's. */
  readonly failure: GlimpserError | undefined;
}

/** Opens a relay on a free port of 127.0.0.1; nothing is asked for yet. */
export async function openWebRelay(options: WebRelayOptions): Promise<WebRelay> {
  const relay = new Place(options);
  await relay.open();
  return relay;
}

type Sort = 'list' | 'part';

/** A request, taken apart. */
interface Asked {
  sort: Sort;
  number: number;
  token: string;
}

const ENDINGS: Readonly<Record<Sort, string>> = { list: '.m3u8', part: '.ts' };

class Place implements WebRelay {
  /** What was refused explains an end also when other answers came after it. */
  #refusal: GlimpserError | undefined;
  /** By what was asked for: a playlist that works again says nothing of its pieces. */
  readonly #failures = new Map<Sort, GlimpserError>();
  readonly #options: WebRelayOptions;
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));
  readonly #over = new AbortController();
  readonly #login: HttpLogin;
  /** A server that counts its questions wants one answer after the other. */
  readonly #turns = new Turns(1);
  readonly #origin: string;
  readonly #book = new WebBook();
  readonly #inside = randomToken();
  #door: string | undefined = randomToken();
  #url = '';

  constructor(options: WebRelayOptions) {
    this.#options = options;
    this.#origin = new URL(options.url).origin;
    this.#login = new HttpLogin(options.name, options.login);
  }

  get url(): string {
    return this.#url;
  }

  get failure(): GlimpserError | undefined {
    return this.#refusal ?? this.#login.refusal ?? this.#failures.get('list') ?? this.#failures.get('part');
  }

  get proxyUrl(): string {
    return `http://${this.#host}`;
  }

  async open(): Promise<void> {
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    this.#server.on('connect', (_request, socket) => socket.destroy());
    await listenTcp(this.#server, HOST, 0, `The relay of ${this.#options.name}`);
    const isPlaylist = this.#options.isPlaylist;
    this.#url = `${this.proxyUrl}/${isPlaylist ? 'list' : 'part'}/0/${SECRET}${this.#door}${isPlaylist ? '/list.m3u8' : ''}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get #host(): string {
    return `${HOST}:${(this.#server.address() as AddressInfo | null)?.port ?? 0}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = URL.parse(request.url ?? '', this.proxyUrl);
    const [, sort = '', number = '', token = ''] = asked?.pathname.split('/') ?? [];
    const what = { sort: sort === 'list' ? 'list' : 'part', number: Number(number), token } as const;
    try {
      if (asked?.host !== this.#host) throw around(request.url ?? '');
      await this.#answer(what, request, response);
    } catch (thrown) {
      if (!isAbort(thrown)) this.#note(what.sort, asGlimpserError(thrown, 'source-unreachable'));
      if (response.headersSent) response.destroy();
      else response.writeHead(statusFor(this.failure)).end();
    }
  }

  #note(sort: Sort, error: GlimpserError): void {
    if (error.code === 'address-refused' || error.code === 'url-refused') this.#refusal = error;
    else this.#failures.set(sort, error);
  }

  async #answer({ sort, number, token }: Asked, request: IncomingMessage, response: ServerResponse) {
    const { range } = request.headers;
    if (request.method !== 'GET') return void response.writeHead(405).end();
    if (this.#door !== undefined && token === SECRET + this.#door) return this.#enter(range, response);
    const to = token === SECRET + this.#inside ? this.#book.at(number) : undefined;
    if (!to) return void response.writeHead(404).end();
    if (sort === 'list') await this.#sendList(to, response, text => text);
    else await this.#sendPart(to, range, response);
  }

  /**
   * A playlist leads to addresses that nobody else knows, so that the first one is needed no more. A file is read here
   * and there by its one address, which FFmpeg goes back to whatever it was led to.
   */
  async #enter(range: string | undefined, response: ServerResponse): Promise<void> {
    const { url, rules, isPlaylist } = this.#options;
    const to = { url, rules };
    if (!isPlaylist) return this.#sendPart(to, range, response);
    this.#door = undefined;
    const inside = this.#place('list', new URL(url), rules);
    await this.#sendList(to, response, text => (namesPlaylists(text) ? text : listOfOne(inside)));
  }

  async #sendList(to: WebAddress, response: ServerResponse, shape: (text: string) => string): Promise<void> {
    const { status, body, finalUrl, onward } = await this.#fetch('list', to, { maxBytes: PLAYLIST_BYTES });
    if (status !== 200) {
      body.destroy();
      return void response.writeHead(status).end();
    }
    const places = {
      list: (url: URL) => this.#place('list', url, onward),
      part: (url: URL) => this.#place('part', url, onward),
    };
    const text = shape(leadElsewhere(await textOf(body), finalUrl, places));
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(text);
  }

  async #sendPart(to: WebAddress, range: string | undefined, response: ServerResponse): Promise<void> {
    const more = range === undefined ? {} : { headers: { range } };
    const { status, headers, body } = await this.#fetch('part', to, more);
    const passed = PASSED_ON.flatMap(name => (headers[name] === undefined ? [] : [[name, headers[name]]]));
    response.writeHead(status, Object.fromEntries(passed));
    pipeline(body, response, () => undefined);
  }

  /** The login is for the server that it was entered for. */
  async #fetch(
    sort: Sort,
    { url, rules }: WebAddress,
    more: Partial<EgressRequest>,
  ): Promise<EgressResponse> {
    const { egress, headers } = this.#options;
    const { signal } = this.#over;
    const request = {
      rules,
      signal,
      headersMs: HEADERS_MS,
      ...more,
      headers: { ...headers, ...more.headers },
    };
    const answer = await (URL.parse(url)?.origin === this.#origin
      ? this.#fetchOwn(url, request)
      : egress.fetch(url, request));
    // What failed before and works again explains nothing.
    this.#failures.delete(sort);
    return answer;
  }

  async #fetchOwn(url: string, request: EgressRequest): Promise<EgressResponse> {
    using _turn = await this.#turns.take(request.signal);
    // Devices lock after several wrong logins.
    if (this.#login.refusal) throw this.#login.refusal;
    return await this.#login.fetch(this.#options.egress, url, request);
  }

  /** FFmpeg opens what has the ending of a video. */
  #place(sort: Sort, { href, pathname }: URL, rules: EgressRules): string {
    const [ending = ENDINGS[sort]] = /\.[a-z0-9]{1,5}$/i.exec(pathname) ?? [];
    const number = this.#book.numberOf({ url: href, rules });
    return `${this.proxyUrl}/${sort}/${number}/${SECRET}${this.#inside}/${sort}${ending}`;
  }
}

function around(url: string): GlimpserError {
  return new GlimpserError('address-refused', `${shownUrl(url)} leads around the guard.`);
}

function statusFor(error: GlimpserError | undefined): number {
  if (error?.code === 'source-refused-login') return 401;
  return error?.code === 'address-refused' || error?.code === 'url-refused' ? 403 : 502;
}
