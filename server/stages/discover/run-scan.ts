/** One scan: listens, knocks at a bounded pace, and asks what answered; everything it opens goes through the guard. */
import { sortOf } from '#base/egress-addresses.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { type Knocked, knock } from '#base/knock.ts';
import { browseMdns, type MdnsService } from '#base/mdns-browse.ts';
import { Turns } from '#base/turns.ts';
import { askForDevices, type WsDevice, type WsQuestion } from '#base/ws-discovery.ts';
import type { DiscoveryMethod } from '#model/discovery.ts';
import type { Finding } from './found-book.ts';
import { onvifAt, PROBES, type Prober } from './probes.ts';

/** Where cameras listen. */
export interface ScanPorts {
  rtsp: readonly number[];
  http: readonly number[];
}

/** What one scan needs. */
export interface ScanRun extends Prober {
  methods: ReadonlySet<DiscoveryMethod>;
  hosts: readonly string[];
  /** Our own addresses, one on each network that is listened to. */
  interfaces: readonly string[];
  ports: ScanPorts;
  listenMs: number;
  /** Set by tests. */
  wsTo?: WsQuestion['to'];
  mdnsPort?: number;
  onFinding(finding: Finding): void;
  /** Steps that were added, and steps that are done. */
  onProgress(more: { total?: number; done?: number }): void;
  note(sentence: string): void;
}

const KNOCK_MS = 800;
const MOST_KNOCKS = 32;
const KNOCK_EVERY_MS = 5;
const MOST_PROBES = 8;
const MDNS_TYPES = ['rtsp', 'onvif', 'axis-video', 'http', 'psia', 'nvstream'];

/** Runs it to its end. Rejects only when the signal fires. */
export async function runScan(run: ScanRun): Promise<void> {
  const scan = new ScanWork(run);
  await scan.run();
}

class ScanWork {
  readonly #run: ScanRun;
  readonly #knocks = new Turns(MOST_KNOCKS);
  readonly #probes = new Turns(MOST_PROBES);
  /** What is asked or was asked: `rtsp 10.0.0.5:554`. */
  readonly #asked = new Map<string, Promise<void>>();
  #knockAt = 0;

  constructor(run: ScanRun) {
    this.#run = run;
  }

  async run(): Promise<void> {
    const { methods, hosts, onProgress } = this.#run;
    const steps: Array<Promise<void>> = [];
    if (methods.has('onvif')) steps.push(this.#step(() => this.#askOnvif()));
    if (methods.has('mdns')) steps.push(this.#step(() => this.#listen()));
    if (methods.has('rtsp') || methods.has('http')) {
      onProgress({ total: hosts.length });
      steps.push(...hosts.map(host => this.#knockHost(host)));
    }
    await Promise.all(steps);
    // Probes may be added while others run.
    for (let count = -1; count < this.#asked.size; ) {
      count = this.#asked.size;
      await Promise.all(this.#asked.values());
    }
    this.#run.signal.throwIfAborted();
  }

  async #step(work: () => Promise<void>): Promise<void> {
    const { onProgress, note, signal } = this.#run;
    onProgress({ total: 1 });
    try {
      await work();
    } catch (thrown) {
      signal.throwIfAborted();
      note(sentenceOf(thrown));
    }
    onProgress({ done: 1 });
  }

  #askOnvif(): Promise<void> {
    const { interfaces, clock, signal, listenMs: forMs, wsTo } = this.#run;
    const question = {
      interfaces,
      clock,
      signal,
      forMs,
      onFound: (device: WsDevice) => this.#meetOnvif(device),
    };
    return askForDevices(wsTo ? { ...question, to: wsTo } : question);
  }

  #listen(): Promise<void> {
    const { clock, signal, interfaces, listenMs: forMs, mdnsPort } = this.#run;
    const question = {
      interfaces,
      clock,
      signal,
      forMs,
      types: MDNS_TYPES,
      onFound: (service: MdnsService) => this.#meetService(service),
    };
    return browseMdns(mdnsPort ? { ...question, port: mdnsPort } : question);
  }

  /** Only an address at the sender itself is asked: what else a datagram says may lead anywhere. */
  #meetOnvif({ from, addresses, name, maker, model }: WsDevice): void {
    if (!this.#isNear(from)) return;
    const own = addresses.find(address => URL.parse(address)?.hostname === from && /^https?:/i.test(address));
    const url = own ?? `http://${from}/onvif/device_service`;
    this.#ask(`onvif ${url}`, async () => {
      const found = await onvifAt(from, url, this.#run);
      return found && { ...found, name, maker: found.maker || maker, model: found.model || model };
    });
  }

  #meetService({ from, name, type, port }: MdnsService): void {
    if (!this.#isNear(from) || !(port > 0 && port < 65_536)) return;
    const named = (finding: Finding | undefined): Finding | undefined =>
      finding && { ...finding, by: 'mdns', name };
    const probes = type === 'rtsp' ? (['rtsp'] as const) : (['onvif', 'http'] as const);
    for (const probe of probes) {
      this.#ask(`mdns ${probe} ${from}:${port}`, async () =>
        named(await PROBES[probe](from, port, this.#run)),
      );
    }
  }

  #isNear(address: string): boolean {
    const sort = sortOf(address);
    return sort === 'private' || (sort === 'loopback' && this.#run.hosts.includes(address));
  }

  /** A machine that does nothing at the first two ports is not there: one that is refuses what it does not have. */
  async #knockHost(host: string): Promise<void> {
    const { ports, methods, onProgress } = this.#run;
    const http = methods.has('http') ? ports.http : [];
    const rtsp = methods.has('rtsp') ? ports.rtsp : [];
    const usual = [...http.slice(0, 1), ...rtsp.slice(0, 1)];
    const rest = [...http.slice(1), ...rtsp.slice(1)];
    const first = await Promise.all(usual.map(port => this.#knock(host, port)));
    if (first.some(knocked => knocked !== 'silent')) {
      await Promise.all(rest.map(port => this.#knock(host, port)));
    }
    onProgress({ done: 1 });
  }

  async #knock(host: string, port: number): Promise<Knocked> {
    const { signal, ports, clock } = this.#run;
    using _turn = await this.#knocks.take(signal);
    const now = clock.monotonic();
    this.#knockAt = Math.max(now, this.#knockAt + KNOCK_EVERY_MS);
    if (this.#knockAt > now) await clock.sleep(this.#knockAt - now, signal);
    const isRtsp = ports.rtsp.includes(port);
    const knocked = await this.#tryKnock(host, port, isRtsp ? 'rtsp' : 'http');
    if (knocked === 'open') this.#meetPort(host, port, isRtsp);
    return knocked;
  }

  async #tryKnock(host: string, port: number, scheme: string): Promise<Knocked> {
    try {
      return await knock(`${scheme}://${host}:${port}/`, scheme, KNOCK_MS, this.#run);
    } catch (thrown) {
      // Ports of the hub itself, and what else the guard keeps closed.
      if (thrown instanceof GlimpserError) return 'refused';
      throw thrown;
    }
  }

  #meetPort(host: string, port: number, isRtsp: boolean): void {
    const probes = isRtsp ? (['rtsp'] as const) : (['onvif', 'http'] as const);
    for (const probe of probes) {
      this.#ask(`${probe} ${host}:${port}`, () => PROBES[probe](host, port, this.#run));
    }
  }

  #ask(key: string, probe: () => Promise<Finding | undefined>): void {
    if (this.#asked.has(key) || this.#run.signal.aborted) return;
    this.#run.onProgress({ total: 1 });
    this.#asked.set(key, this.#probe(probe));
  }

  async #probe(probe: () => Promise<Finding | undefined>): Promise<void> {
    const { signal, onFinding, onProgress } = this.#run;
    try {
      using _turn = await this.#probes.take(signal);
      const finding = await probe();
      if (finding) onFinding(finding);
    } catch (thrown) {
      // One device that fails in a new way must not end the search for the others.
      if (!signal.aborted) this.#run.note(`A device could not be asked: ${sentenceOf(thrown)}`);
    }
    onProgress({ done: 1 });
  }
}
