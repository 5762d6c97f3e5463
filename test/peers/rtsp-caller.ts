/** A light RTSP client of our own: says exactly what a test tells it to, and counts what comes. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerChallenge, type Challenge, type Login, readChallenges } from '#server/base/http-challenge.ts';
import { readRtp } from '#server/base/rtp/packet.ts';
import type { RtspMessage } from '#server/base/rtsp/message.ts';
import { RtspReader } from '#server/base/rtsp/reader.ts';

/** An answer. */
export interface CallerAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What is said beside method and address. */
export interface Saying {
  headers?: Record<string, string>;
  /** Answers the last challenge with it. */
  login?: Login | undefined;
  scheme?: 'SHA-256' | 'MD5' | 'basic';
}

/** What has come on a channel. */
export interface Received {
  packets: number;
  /** Packets that are missing by their numbers. */
  lost: number;
  /** Bytes of RTP. */
  bytes: number;
  times: number[];
  ssrcs: Set<number>;
  /** RTP payloads as they came, when they are kept. */
  payloads: Buffer[];
}

/** A connection to an RTSP server. */
export class RtspCaller implements Disposable {
  readonly socket: Socket;
  readonly received = new Map<number, Received>();
  /** Told of each packet. */
  onPacket: ((channel: number, packet: Buffer) => void) | undefined;
  keepsPayloads = false;
  challenges: Challenge[] = [];
  isClosed = false;
  #cseq = 0;
  readonly #waiting: Array<(answer: CallerAnswer) => void> = [];
  readonly #last = new Map<number, number>();

  private constructor(socket: Socket) {
    this.socket = socket;
    const reader = new RtspReader({
      message: message => this.#waiting.shift()?.(answerOf(message)),
      packet: (channel, packet) => this.#packet(channel, packet),
    });
    socket.on('data', (chunk: Buffer) => reader.feed(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.isClosed = true;
      for (const resolve of this.#waiting.splice(0)) resolve({ status: 0, headers: {}, body: 'closed' });
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RtspCaller> {
    const socket = connect(port, host).setNoDelay(true);
    await once(socket, 'connect');
    return new RtspCaller(socket);
  }

  /** Says one thing and waits for the answer; status 0 when the connection ends instead. */
  async say(
    method: string,
    url: string,
    { headers = {}, login, scheme = 'MD5' }: Saying = {},
  ): Promise<CallerAnswer> {
    const all: Record<string, string> = { CSeq: String(++this.#cseq), ...headers };
    if (login) all['Authorization'] = this.#authorization(method, url, login, scheme);
    const { promise, resolve } = Promise.withResolvers<CallerAnswer>();
    this.#waiting.push(resolve);
    if (this.isClosed) return { status: 0, headers: {}, body: 'closed' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`${method} ${url} RTSP/1.0\r\n${lines.join('')}\r\n`);
    const answer = await promise;
    if (answer.status === 401) this.challenges = readChallenges(answer.headers['www-authenticate']);
    return answer;
  }

  /** From DESCRIBE to PLAY over TCP, with a login at each step; answers the Session header's id. */
  async play(url: string, login: Login | undefined, tracks = [0]): Promise<string> {
    if (login) await this.say('DESCRIBE', url);
    await this.must('DESCRIBE', url, { login });
    let id = '';
    for (const track of tracks) {
      const transport = `RTP/AVP/TCP;unicast;interleaved=${track * 2}-${track * 2 + 1}`;
      const headers = { Transport: transport, ...(id === '' ? {} : { Session: id }) };
      const answer = await this.must('SETUP', `${url}/trackID=${track}`, { login, headers });
      id = sessionId(answer);
    }
    await this.must('PLAY', url, { login, headers: { Session: id } });
    return id;
  }

  async must(method: string, url: string, saying: Saying): Promise<CallerAnswer> {
    const answer = await this.say(method, url, saying);
    if (answer.status !== 200) throw new Error(`${method} was answered ${answer.status}`);
    return answer;
  }

  on(channel: number): Received {
    const known = this.received.get(channel);
    const received = known ?? { packets: 0, lost: 0, bytes: 0, times: [], ssrcs: new Set(), payloads: [] };
    this.received.set(channel, received);
    return received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #authorization(method: string, url: string, login: Login, scheme: string): string {
    const wanted = (one: Challenge) =>
      scheme === 'basic' ? one.scheme === 'basic' : one.fields['algorithm'] === scheme;
    const challenge = this.challenges.find(wanted) ?? { scheme: 'basic' as const, fields: {} };
    return answerChallenge(challenge, login, { method, path: url, count: 1, clientNonce: 'c' });
  }

  #packet(channel: number, packet: Buffer): void {
    this.onPacket?.(channel, packet);
    const received = this.on(channel);
    received.packets++;
    if (channel % 2 === 1) {
      received.payloads.push(Buffer.from(packet));
      return;
    }
    const head = readRtp(packet);
    if (!head) throw new Error('no RTP');
    const last = this.#last.get(channel);
    if (last !== undefined) received.lost += (head.sequence - last - 1) & 0xffff;
    this.#last.set(channel, head.sequence);
    received.bytes += packet.length;
    if (received.times.at(-1) !== head.time) received.times.push(head.time);
    received.ssrcs.add(packet.readUInt32BE(8));
    if (this.keepsPayloads) received.payloads.push(Buffer.from(head.payload));
  }
}

/** The id in a Session header. */
export function sessionId({ headers }: CallerAnswer): string {
  return headers['session']?.split(';')[0] ?? '';
}

function answerOf({ startLine, headers, body }: RtspMessage): CallerAnswer {
  return { status: Number(startLine.split(' ')[1]), headers, body: body.toString() };
}
