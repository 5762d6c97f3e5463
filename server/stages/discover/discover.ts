/** Discovery: one scan at a time and only on request; what was found, its pictures, and how it becomes a source. */
import { randomBytes } from 'node:crypto';
import { type Clock, isoTime } from '#base/clock.ts';
import type { Egress } from '#base/egress.ts';
import { GlimpserError, isAbort, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { type OwnSubnet, ownSubnets, readSubnets, type Subnet } from '#base/subnet.ts';
import { listVideoDevices } from '#base/video-devices.ts';
import type { WsQuestion } from '#base/ws-discovery.ts';
import {
  type AddFound,
  DISCOVERY_METHODS,
  type Discovery,
  type Found,
  type Scan,
  type ScanRequest,
} from '#model/discovery.ts';
import type { Picture } from '#model/frame.ts';
import type { Source, SourceDraft } from '#model/source.ts';
import { draftOf, isAt } from './draft.ts';
import { type Finding, FoundBook } from './found-book.ts';
import { takePictures } from './pictures.ts';
import { runScan, type ScanPorts } from './run-scan.ts';

/** What discovery needs of the hub. */
export interface DiscoverParts {
  clock: Clock;
  log: Log;
  egress: Egress;
  sources: () => readonly Source[];
  /** One small picture of what a draft shows; undefined when none comes. */
  look(draft: SourceDraft, signal: AbortSignal): Promise<Picture | undefined>;
  /** The following are set by tests. */
  ports?: ScanPorts;
  listenMs?: number;
  own?: () => OwnSubnet[];
  wsTo?: WsQuestion['to'];
  mdnsPort?: number;
}

/** Discovery, as the hub holds it. */
export interface Discover extends Discovery, AsyncDisposable {
  /** Resolves when the scan that runs is over, pictures included. */
  settled(): Promise<void>;
}

/** The ports that are tried, by what is expected there. */
export const PORTS: ScanPorts = { http: [80, 8080, 8000, 81, 8899, 2020], rtsp: [554, 8554, 10_554] };
const LISTEN_MS = 4000;
const MOST_MS = 300_000;
const KEPT_SCANS = 10;

interface Running {
  scan: Scan;
  abort: AbortController;
  done: Promise<void>;
}

/** Makes it; nothing is sent before somebody asks. */
export function createDiscover(parts: DiscoverParts): Discover {
  return new Discoverer(parts);
}

class Discoverer implements Discover {
  readonly #parts: DiscoverParts;
  readonly #log: Log;
  readonly #book = new FoundBook();
  readonly #scans = new Map<string, Scan>();
  #running: Running | undefined;

  constructor(parts: DiscoverParts) {
    this.#parts = parts;
    this.#log = parts.log.part('discover');
  }

  async scan({ subnets: written, methods = [...DISCOVERY_METHODS] }: ScanRequest): Promise<Scan> {
    const own = this.subnets();
    const subnets = readSubnets(written ?? own.slice(0, 1).map(({ cidr }) => cidr));
    const notes =
      subnets.length === 0 ? ['This machine is in no private network. Write the one to look through.'] : [];
    for (const { hosts } of subnets) await this.#requireOpen(hosts[0] ?? '');
    if (this.#running) {
      throw new GlimpserError(
        'conflict',
        'The network is being searched already. Wait for it, or cancel it.',
      );
    }
    const { clock } = this.#parts;
    const scan: Scan = {
      id: randomBytes(6).toString('hex'),
      status: 'running',
      startedAt: isoTime(clock.now()),
      endedAt: null,
      methods,
      subnets: subnets.map(({ cidr }) => cidr),
      ...{ done: 0, total: 0, found: 0, notes },
    };
    this.#keep(scan);
    const abort = new AbortController();
    const done = this.#run(scan, subnets, own, abort);
    this.#running = { scan, abort, done };
    return { ...scan };
  }

  scans(): Scan[] {
    return [...this.#scans.keys()].map(id => this.scanOf(id)).toReversed();
  }

  scanOf(id: string): Scan {
    const scan = this.#scans.get(id);
    if (scan) return { ...scan, notes: [...scan.notes] };
    throw new GlimpserError(
      'not-found',
      'There is no such scan. The last ten are remembered until a restart.',
    );
  }

  async cancel(id: string): Promise<Scan> {
    this.scanOf(id);
    if (this.#running?.scan.id === id) {
      this.#running.abort.abort();
      await this.settled();
    }
    return this.scanOf(id);
  }

  found(): Found[] {
    const sources = this.#parts.sources();
    return this.#book.list(address => sources.find(source => isAt(source, address))?.id ?? null);
  }

  picture(id: string): Picture {
    const picture = this.#book.picture(id);
    if (picture) return picture;
    throw new GlimpserError('not-found', 'There is no picture of it. It may need a login first.');
  }

  draftOf(id: string, choice: AddFound): SourceDraft {
    return draftOf(this.#find(id), choice);
  }

  subnets(): OwnSubnet[] {
    return (this.#parts.own ?? ownSubnets)();
  }

  devices(): ReturnType<typeof listVideoDevices> {
    return listVideoDevices();
  }

  async settled(): Promise<void> {
    await this.#running?.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running?.abort.abort();
    await this.settled();
  }

  #find(id: string): Found {
    const found = this.found().find(one => one.id === id);
    if (found) return found;
    throw new GlimpserError('not-found', 'Nothing like that was found. Look through the network again.');
  }

  /** This machine's own addresses are open only where the settings say so. */
  async #requireOpen(host: string): Promise<void> {
    await this.#parts.egress.check(`http://${host}:80/`, { protocols: ['http'], reach: 'lan' });
  }

  #keep(scan: Scan): void {
    this.#scans.set(scan.id, scan);
    const [oldest] = this.#scans.keys();
    if (this.#scans.size > KEPT_SCANS && oldest !== undefined) this.#scans.delete(oldest);
  }

  async #run(scan: Scan, subnets: Subnet[], own: OwnSubnet[], abort: AbortController): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = abort;
    const met = new Set<string>();
    const hosts = subnets.flatMap(subnet => subnet.hosts);
    const interfaces = own.length > 0 ? own.map(({ address }) => address) : ['0.0.0.0'];
    using _cap = clock.after(MOST_MS, () => abort.abort());
    try {
      await this.#search(scan, { hosts, interfaces, signal }, met);
      await this.#takePictures(scan, met, signal);
      scan.status = 'done';
    } catch (thrown) {
      if (!signal.aborted && !isAbort(thrown)) this.#complain(scan, thrown);
      scan.status = signal.aborted ? 'cancelled' : 'done';
    } finally {
      scan.endedAt = isoTime(clock.now());
      this.#running = undefined;
    }
  }

  #search(
    scan: Scan,
    where: { hosts: string[]; interfaces: string[]; signal: AbortSignal },
    met: Set<string>,
  ): Promise<void> {
    const { clock, egress, ports = PORTS, listenMs = LISTEN_MS, wsTo, mdnsPort } = this.#parts;
    return runScan({
      ...{ ...where, clock, egress, ports, listenMs },
      ...(wsTo ? { wsTo } : {}),
      ...(mdnsPort ? { mdnsPort } : {}),
      methods: new Set(scan.methods),
      note: sentence => this.#note(scan, sentence),
      onProgress({ total = 0, done = 0 }) {
        scan.total += total;
        scan.done += done;
      },
      onFinding: finding => this.#take(scan, finding, met),
    });
  }

  #take(scan: Scan, finding: Finding, met: Set<string>): void {
    met.add(this.#book.add(finding, isoTime(this.#parts.clock.now())));
    scan.found = met.size;
  }

  async #takePictures(scan: Scan, met: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { clock, look } = this.#parts;
    const open = this.found().filter(
      ({ id, hasPicture, needsLogin }) => met.has(id) && !hasPicture && !needsLogin,
    );
    scan.total += open.length;
    const parts = { clock, look, log: this.#log, signal };
    await takePictures(open, parts, (id, picture) => {
      if (picture) this.#book.setPicture(id, picture);
      scan.done += 1;
    });
  }

  #note(scan: Scan, sentence: string): void {
    if (scan.notes.length < 20 && !scan.notes.includes(sentence)) scan.notes.push(sentence);
  }

  #complain(scan: Scan, thrown: unknown): void {
    this.#log.error('A scan failed in a way it should not', { error: thrown });
    this.#note(scan, `Something went wrong inside the hub: ${sentenceOf(thrown)}`);
  }
}
