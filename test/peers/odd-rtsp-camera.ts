/** An RTSP camera on a plain socket that does as it should, except for what a test makes it do. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type GuardOptions, HttpGuard } from '#test/peers/http-guard.ts';

/** A request as it came. */
export interface OddRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** What a camera is like. */
export interface OddCameraOptions {
  login?: GuardOptions;
  /** What it says instead of the usual; undefined for the usual. `CSeq` is added to a text that begins with RTSP/. */
  say?: (request: OddRequest, socket: Socket) => string | Buffer | undefined;
  sdp?: (url: string) => string;
  /** Headers that are added to the answer to a method. */
  headers?: Partial<Record<string, string[]>>;
  /** Written behind the answer to PLAY, in the same breath. */
  packets?: Buffer;
  tls?: TlsOptions;
}

/** A running camera. */
export interface OddCamera extends AsyncDisposable {
  port: number;
  url: string;
  requests: OddRequest[];
  /** Packets that it was sent. */
  reports: Buffer[];
  readonly connections: number;
  readonly wrongTries: number;
  /** Sends to whoever is connected. */
  send(bytes: Buffer | string): void;
  /** Ends every connection. */
  hangUp(): void;
}

const PUBLIC = 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER';
const SDP =
  'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=odd\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';

/** Starts on a port of 127.0.0.1 that the system picks. */
export async function startOddCamera(options: OddCameraOptions = {}): Promise<OddCamera> {
  const camera = new Camera(options);
  await camera.listen();
  return camera;
}

/** The frame of one packet. */
export function frameOf(channel: number, packet: Buffer | string): Buffer {
  const bytes = Buffer.from(packet);
  const head = Buffer.from([0x24, channel, 0, 0]);
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

class Camera implements OddCamera {
  readonly requests: OddRequest[] = [];
  readonly reports: Buffer[] = [];
  connections = 0;
  readonly #options: OddCameraOptions;
  readonly #guard: HttpGuard | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: OddCameraOptions) {
    this.#options = options;
    this.#guard = options.login && new HttpGuard(options.login);
    const enter = (socket: Socket) => this.#enter(socket);
    this.#server = options.tls ? createTlsServer(options.tls, enter) : createServer(enter);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#options.tls ? 'rtsps' : 'rtsp'}://127.0.0.1:${this.port}/cam?n=1`;
  }

  get wrongTries(): number {
    return this.#guard?.wrongTries ?? 0;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  send(bytes: Buffer | string): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #enter(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
    socket.on('data', chunk => {
      rest = this.#read(Buffer.concat([rest, chunk]), socket);
    });
  }

  #read(bytes: Buffer, socket: Socket): Buffer {
    while (bytes.length > 0) {
      const isPacket = bytes[0] === 0x24;
      const end = isPacket ? 4 + bytes.readUInt16BE(2) : bytes.indexOf('\r\n\r\n') + 4;
      if (end < 4 || bytes.length < end) return bytes;
      if (isPacket) this.reports.push(bytes.subarray(0, end));
      else this.#asked(bytes.subarray(0, end - 4).toString('latin1'), socket);
      bytes = bytes.subarray(end);
    }
    return bytes;
  }

  #asked(text: string, socket: Socket): void {
    const [first = '', ...lines] = text.split('\r\n');
    const [method = '', url = ''] = first.split(' ');
    const headers = Object.fromEntries(
      lines.map(line => [line.split(':')[0]?.toLowerCase(), line.replace(/^[^:]*: */, '')]),
    );
    if (method.startsWith('RTSP/')) return;
    const request = { method, url, headers: headers as Record<string, string> };
    this.requests.push(request);
    const say = (said: string) =>
      socket.write(said.replace(/^(RTSP\/\S+ .*)\r\n/, `$1\r\nCSeq: ${headers['cseq']}\r\n`));
    const odd = this.#options.say?.(request, socket);
    if (odd !== undefined) {
      if (typeof odd === 'string') say(odd);
      else socket.write(odd);
      return;
    }
    const refuse = {
      writeHead: (_status: number, { 'WWW-Authenticate': asked }: { 'WWW-Authenticate': string[] }) => ({
        end: () =>
          say(
            `RTSP/1.0 401 Unauthorized\r\n${asked.map(one => `WWW-Authenticate: ${one}\r\n`).join('')}\r\n`,
          ),
      }),
    };
    if (this.#guard && !this.#guard.admits(request, refuse)) return;
    const extra = (this.#options.headers?.[method] ?? []).map(line => `${line}\r\n`).join('');
    const { head, body } = this.#usual(request);
    const said = `RTSP/1.0 200 OK\r\n${head}${extra}${body ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : ''}\r\n${body}`;
    socket.cork();
    say(said);
    if (method === 'PLAY' && this.#options.packets) socket.write(this.#options.packets);
    socket.uncork();
  }

  #usual({ method, url, headers }: OddRequest): { head: string; body: string } {
    const session = 'Session: 4711;timeout=60\r\n';
    if (method === 'OPTIONS') return { head: `${PUBLIC}\r\n`, body: '' };
    if (method === 'SETUP') return { head: `${session}Transport: ${headers['transport']}\r\n`, body: '' };
    if (method !== 'DESCRIBE') return { head: session, body: '' };
    const body = this.#options.sdp?.(url) ?? `${SDP}a=control:trackID=0\r\n`;
    return { head: 'Content-Type: application/sdp\r\n', body };
  }
}
