/** The forward proxy that a browser or FFmpeg gets: what the egress guard refuses never leaves, whatever is tried. */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type Duplex, pipeline, Transform } from 'node:stream';
import type { Target } from './egress.ts';
import { connectionFailure } from './egress-failure.ts';
import { answerHeaders, PROXY_HEADER, requestHeaders } from './egress-headers.ts';
import { connected, limitConnect, pinnedTo } from './egress-pin.ts';
import { hostPort, shownUrl } from './egress-url.ts';
import { asGlimpserError, GlimpserError } from './errors.ts';

/** A proxy for one job. It listens on loopback only, on a port of its own, for as long as the job lasts. */
export interface EgressProxy extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: number;
  readonly refused: number;
  /** Bytes that came in. */
  readonly bytes: number;
  /** Why the last request that was refused was, if one was. */
  readonly refusal: GlimpserError | undefined;
  /** Why the last request to `host:port` failed, if it did. */
  failureOf(place: string): GlimpserError | undefined;
}

/** How a proxy is opened. */
export interface EgressProxyOptions {
  check: (url: string, signal: AbortSignal) => Promise<Target>;
  connectMs: number;
  closed?: () => void;
  /** Most bytes that may come in through it. */
  maxBytes?: number;
  maxSockets?: number;
}

const MAX_BYTES = 300_000_000;
const MAX_SOCKETS = 128;
const MAX_FAILURES = 100;
/** Opens a proxy on a free port of 127.0.0.1. */
export async function openEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const proxy = new ForwardProxy(options);
  await proxy.listen();
  return proxy;
}

class ForwardProxy implements EgressProxy {
  readonly #options: EgressProxyOptions;
  readonly #server = createServer();
  readonly #agent: Agent;
  readonly #ended = new AbortController();
  readonly #sockets = new Set<Duplex>();
  readonly #failures = new Map<string, GlimpserError>();
  requests = 0;
  refused = 0;
  refusal: GlimpserError | undefined;
  bytes = 0;

  constructor(options: EgressProxyOptions) {
    this.#options = options;
    const maxSockets = options.maxSockets ?? MAX_SOCKETS;
    this.#agent = new Agent({ keepAlive: true, maxTotalSockets: maxSockets });
    this.#server.maxConnections = maxSockets;
    this.#server.on('connection', socket => this.#hold(socket));
    this.#server.on('request', (from, answer) => void this.#forward(from, answer));
    this.#server.on('connect', (from, client, head) => void this.#tunnel(from, client, head));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  failureOf(place: string): GlimpserError | undefined {
    return this.#failures.get(place);
  }

  listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#options.closed?.();
    this.#ended.abort();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
    await promise;
  }

  async #forward(from: IncomingMessage, answer: ServerResponse): Promise<void> {
    this.requests++;
    let place = '';
    try {
      const url = from.url ?? '';
      if (!url.startsWith('http://'))
        throw new GlimpserError('url-refused', `${shownUrl(url)} is no request.`);
      place = placeOf(url);
      const target = await this.#options.check(url, this.#ended.signal);
      const upstream = await this.#ask(target, from);
      answer.writeHead(upstream.statusCode ?? 502, answerHeaders(upstream.rawHeaders));
      this.#failures.delete(place);
      pipeline(upstream, this.#meter(), answer, () => undefined);
    } catch (thrown) {
      const error = this.#note(place, thrown);
      if (answer.headersSent || answer.destroyed) return;
      answer.writeHead(statusFor(error), {
        'content-type': 'text/plain; charset=utf-8',
        [PROXY_HEADER]: error.code,
      });
      answer.end(`${error.message}\n`);
    }
  }

  #ask(target: Target, from: IncomingMessage): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const { connectMs } = this.#options;
    const upstream = request({
      ...pinnedTo(target),
      method: from.method ?? 'GET',
      path: target.url.pathname + target.url.search,
      headers: requestHeaders(from.headers),
      agent: this.#agent,
      signal: this.#ended.signal,
    });
    upstream.on('socket', socket => limitConnect(socket, connectMs));
    upstream.on('response', resolve).on('error', reject);
    from.on('close', () => from.complete || upstream.destroy());
    pipeline(from, upstream, () => undefined);
    return promise;
  }

  async #tunnel(from: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    this.requests++;
    client.on('error', () => client.destroy());
    const place = from.url ?? '';
    try {
      const target = await this.#options.check(`https://${place}/`, this.#ended.signal);
      const upstream = connect(pinnedTo(target));
      this.#hold(upstream);
      limitConnect(upstream, this.#options.connectMs);
      await connected(upstream);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      this.#failures.delete(place);
      pipeline(upstream, this.#meter(), client, () => upstream.destroy());
      pipeline(client, upstream, () => client.destroy());
    } catch (thrown) {
      const error = this.#note(place, thrown);
      client.end(
        `HTTP/1.1 ${statusFor(error)} Refused\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n` +
          `${PROXY_HEADER}: ${error.code}\r\n\r\n${error.message}\n`,
      );
    }
  }

  /** Counts what comes in, and ends what is endless. */
  #meter(): Transform {
    const { maxBytes = MAX_BYTES } = this.#options;
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.bytes += chunk.length;
        if (this.bytes <= maxBytes) return done(null, chunk);
        done(new GlimpserError('body-too-large', 'The page loads more than it may.'));
      },
    });
  }

  #note(place: string, thrown: unknown): GlimpserError {
    const error = asGlimpserError(connectionFailure(thrown, place), 'source-unreachable');
    if (error.code === 'address-refused' || error.code === 'url-refused') {
      this.refused++;
      this.refusal = error;
    }
    if (this.#failures.size < MAX_FAILURES || this.#failures.has(place)) this.#failures.set(place, error);
    return error;
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
  }
}

function placeOf(url: string): string {
  const { hostname = '', port = '' } = URL.parse(url) ?? {};
  return hostPort(hostname.replace(/^\[(.*)\]$/, '$1'), Number(port) || 80);
}

function statusFor(error: GlimpserError): number {
  return error.code === 'address-refused' || error.code === 'url-refused' ? 403 : 502;
}
