/** Talks to a browser over two pipes: messages as JSON, each ended by a zero byte. */
import type { Readable, Writable } from 'node:stream';
import type { ConnectionTransport } from 'puppeteer-core';

/** The driver's transport over pipes. A pipe that breaks is an end like any other and never an unheard error. */
export class BrowserPipe implements ConnectionTransport {
  onmessage?: (message: string) => void;
  onclose?: () => void;
  readonly #write: Writable;
  readonly #read: Readable;
  #parts: Buffer[] = [];
  #isClosed = false;

  constructor(write: Writable, read: Readable) {
    this.#write = write;
    this.#read = read;
    const end = () => this.close();
    // A crash resets the pipes, sometimes long after everybody else has stopped to listen.
    write.on('error', end).on('close', end);
    read.on('error', end).on('close', end);
    read.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  send(message: string): void {
    if (!this.#isClosed) this.#write.write(`${message}\0`);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#write.destroy();
    this.#read.destroy();
    this.onclose?.();
  }

  #take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      this.#parts.push(chunk.subarray(start, end));
      const message = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      start = end + 1;
      if (!this.#isClosed) this.onmessage?.(message);
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
  }
}
