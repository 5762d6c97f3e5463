/** A search that a page follows: started, asked how far it is, and ended; what is found appears as it comes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { list, request, sentenceOf } from '#app/net/request.ts';
import type { Found, Scan, Subnet } from './shapes.ts';

const ASK_MS = 800;

/** What a page shows of it. */
export class Search implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isHere = false;
  subnets: Subnet[] | undefined;
  found: Found[] = [];
  scan: Scan | undefined;
  failure = '';
  isStarting = false;
  /** True when the last search was not begun: what is known of those before says nothing about it. */
  isRefused = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get isRunning(): boolean {
    return this.scan?.status === 'running';
  }

  hostConnected(): void {
    this.#isHere = true;
    void this.#load();
  }

  hostDisconnected(): void {
    this.#isHere = false;
    clearTimeout(this.#timer);
  }

  async start(subnet: string): Promise<void> {
    this.isStarting = true;
    await this.#trying(async () => {
      this.scan = await request<Scan>('POST', 'api/discovery/scan', { subnets: [subnet] });
    });
    this.isStarting = false;
    this.isRefused = this.failure !== '';
    this.#host.requestUpdate();
    if (this.isRunning) this.#askSoon();
  }

  /** Forgets why the last search was not begun, such as when something else is written. */
  forgive(): void {
    if (!this.isRefused) return;
    this.isRefused = false;
    this.failure = '';
    this.#host.requestUpdate();
  }

  async cancel(): Promise<void> {
    const { scan } = this;
    if (!scan) return;
    clearTimeout(this.#timer);
    await this.#trying(async () => {
      this.scan = await request<Scan>('DELETE', `api/discovery/scans/${scan.id}`);
      this.found = await list<Found>('api/discovery/found');
    });
  }

  /** A search that somebody began goes on, whoever looks at it. */
  async #load(): Promise<void> {
    await this.#trying(async () => {
      const [subnets, found, scans] = await Promise.all([
        list<Subnet>('api/discovery/subnets'),
        list<Found>('api/discovery/found'),
        list<Scan>('api/discovery/scans'),
      ]);
      Object.assign(this, { subnets, found, scan: scans[0] });
    });
    if (this.#isHere && this.isRunning) this.#askSoon();
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ASK_MS);
  }

  async #ask(): Promise<void> {
    const { scan } = this;
    if (!scan) return;
    await this.#trying(async () => {
      this.scan = await request<Scan>('GET', `api/discovery/scans/${scan.id}`);
      this.found = await list<Found>('api/discovery/found');
    });
    if (this.#isHere && this.isRunning && this.failure === '') this.#askSoon();
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    this.failure = '';
    try {
      await work();
    } catch (thrown) {
      this.failure = sentenceOf(thrown);
    }
    this.#host.requestUpdate();
  }
}
