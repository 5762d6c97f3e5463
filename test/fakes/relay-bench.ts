/** A relay to a camera of a test, and a program in front of it that says exactly what a test wants. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { systemClock } from '#server/base/clock.ts';
import { createEgress, type EgressPolicy } from '#server/base/egress.ts';
import type { Lookup } from '#server/base/egress-names.ts';
import { silentLog } from '#server/base/log.ts';
import { openRelay, type Relay, type RelayOptions } from '#server/base/rtsp/relay.ts';

/** Opens a relay; loopback is open unless the policy says otherwise. */
export async function relayTo(
  url: string,
  over: Partial<RelayOptions> & { policy?: Partial<EgressPolicy>; lookup?: Lookup } = {},
): Promise<Relay> {
  const { policy, lookup, ...options } = over;
  const open = { allowLoopback: true, websitesMayReachLan: true, exceptions: [], ownPorts: () => [] };
  const egress = createEgress({
    policy: () => ({ ...open, ...policy }),
    clock: systemClock,
    log: silentLog,
    ...(lookup ? { lookup } : {}),
  });
  return openRelay({
    ...{ url, egress, login: undefined, name: 'Yard', clock: systemClock, transport: 'tcp' },
    ...{ isCertificateChecked: true, signal: new AbortController().signal },
    ...options,
  });
}

/** An answer as it came. */
export interface ReadAnswer {
  status: number;
  text: string;
}

/** A program that reads what a relay gives it. */
export class Program implements Disposable {
  readonly socket: Socket;
  /** Frames and answers in order, answers as their status line. */
  readonly heard: string[] = [];
  isClosed = false;
  #rest = Buffer.alloc(0);
  #count = 0;
  #answered: ((answer: ReadAnswer) => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', chunk => this.#read(chunk)).on('error', () => socket.destroy());
    socket.once('close', () => {
      this.isClosed = true;
      this.#answered?.({ status: 0, text: '' });
    });
  }

  static async at(url: string): Promise<Program> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new Program(socket);
  }

  /** Status 0 when the connection ends instead. */
  ask(method: string, url: string, headers: readonly string[] = []): Promise<ReadAnswer> {
    const { promise, resolve } = Promise.withResolvers<ReadAnswer>();
    this.#answered = resolve;
    const lines = [`${method} ${url} RTSP/1.0`, `CSeq: ${++this.#count}`, ...headers];
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return promise;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length > 0) {
      const rest = this.#rest;
      const isPacket = rest[0] === 0x24;
      if (isPacket && rest.length < 4) return;
      const end = isPacket ? 4 + rest.readUInt16BE(2) : this.#endOfAnswer();
      if (end === 0 || rest.length < end) return;
      const bytes = rest.subarray(0, end);
      this.#rest = rest.subarray(end);
      this.#take(isPacket, bytes);
    }
  }

  #endOfAnswer(): number {
    const head = this.#rest.indexOf('\r\n\r\n') + 4;
    if (head < 4) return 0;
    const [, length = '0'] = /^Content-Length: (\d+)/im.exec(this.#rest.subarray(0, head).toString()) ?? [];
    return head + Number(length);
  }

  #take(isPacket: boolean, bytes: Buffer): void {
    if (isPacket) {
      this.heard.push(`${bytes[1]}:${bytes.subarray(4).toString('latin1')}`);
      return;
    }
    const text = bytes.toString();
    this.heard.push(text.split('\r\n')[0] ?? '');
    this.#answered?.({ status: Number(text.split(' ')[1]), text });
  }
}
