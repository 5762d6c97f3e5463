/** One session: the tracks that a player has set up, and their play, across breaks of the stream. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Deadline } from '#base/deadline.ts';
import { Lane } from '#base/rtp/lane.ts';
import type { MediaTrack } from '#base/rtp/media.ts';
import { Playout } from '#base/rtp/playout.ts';
import type { HeldStream, PlayHost } from './play-host.ts';
import { TcpSink } from './tcp-sink.ts';
import type { Transport } from './transport.ts';
import type { UdpSink } from './udp-sink.ts';

/** Seconds of silence after which a session is over. */
export const SESSION_TIMEOUT_S = 60;
const RETRY_MS = 500;

/** What a session is given. */
export interface PlaySessionParts {
  host: PlayHost;
  socket: Socket;
  path: string;
  stream: HeldStream;
  seat: Disposable;
  /** Ends session and connection at once. */
  close: () => void;
  /** Ends them when everything is sent. */
  finish: () => void;
}

/** A session. */
export class PlaySession implements Disposable {
  readonly id = randomBytes(8).toString('hex');
  readonly path: string;
  readonly #parts: PlaySessionParts;
  readonly #lanes = new Map<number, Lane>();
  readonly #udpSinks = new Set<UdpSink>();
  readonly #over = new AbortController();
  /** Kept after its end, to compare the next one with it. */
  #stream: HeldStream;
  #isHeld = true;
  #isReturning = false;
  #cameBackMs = Number.NEGATIVE_INFINITY;
  #playout: Playout | undefined;
  #isPlaying = false;
  #heardMs: number;

  constructor(parts: PlaySessionParts) {
    this.#parts = parts;
    this.path = parts.path;
    this.#stream = parts.stream;
    this.#heardMs = parts.host.clock.monotonic();
  }

  get tracks(): readonly MediaTrack[] {
    return this.#stream.tracks;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** Sets a track up; answers its Transport header. */
  async setUp(index: number, track: MediaTrack, transport: Transport): Promise<string> {
    const { text, lane } =
      transport.kind === 'tcp'
        ? this.#tcpLane(track, transport.channels)
        : await this.#udpLane(track, transport.ports);
    this.#lanes.set(index, lane);
    return `${text};ssrc=${lane.ssrc.toString(16).padStart(8, '0').toUpperCase()}`;
  }

  /** Joins the stream; answers RTP-Info. Nothing is sent before `begin`. */
  join(baseUrl: string): string {
    const { host } = this.#parts;
    this.#playout ??= new Playout({
      lanes: this.#lanes,
      figures: host.figures,
      clock: host.clock,
      ended: () => void this.#comeBack(),
      stuck: this.#parts.close,
      dropped: () => this.#stream.dropped?.(),
    });
    this.#isPlaying = true;
    const playout = this.#playout;
    playout.join(this.#stream);
    const entries = [...this.#lanes].map(([index, lane]) => {
      const { sequence, time } = playout.startOf(lane);
      return `url=${baseUrl}/trackID=${index};seq=${sequence};rtptime=${time}`;
    });
    return entries.join(',');
  }

  begin(): void {
    if (this.#isPlaying) this.#playout?.start();
  }

  pause(): void {
    this.#isPlaying = false;
    this.#playout?.leave();
  }

  /** It is still there. */
  heard(): void {
    this.#heardMs = this.#parts.host.clock.monotonic();
  }

  /** Called every few seconds. */
  tick(nowMs: number): void {
    if (this.#isPlaying) this.#playout?.tick(nowMs);
    // A connection that takes pictures is alive; a silent one says nothing about UDP.
    const mayBeSilent = this.#isPlaying && this.#udpSinks.size === 0;
    if (!mayBeSilent && nowMs - this.#heardMs >= SESSION_TIMEOUT_S * 1000) this.#parts.close();
  }

  /** Says goodbye to the player, once. */
  [Symbol.dispose](): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#isPlaying = false;
    this.#playout?.bye();
    for (const sink of this.#udpSinks) sink[Symbol.dispose]();
    this.#letGo();
    this.#parts.seat[Symbol.dispose]();
  }

  #tcpLane(track: MediaTrack, asked: readonly [number, number] | undefined) {
    const taken = new Set(
      [...this.#lanes.values()].flatMap(({ sink }) => (sink instanceof TcpSink ? sink.channels : [])),
    );
    let channels = asked ?? [0, 1];
    while (channels.some(channel => taken.has(channel)))
      channels = [(channels[0] & ~1) + 2, (channels[0] & ~1) + 3];
    const lane = new Lane(new TcpSink(this.#parts.socket, channels), track.clockRate);
    return { lane, text: `RTP/AVP/TCP;unicast;interleaved=${channels[0]}-${channels[1]}` };
  }

  async #udpLane(track: MediaTrack, ports: readonly [number, number]) {
    // Only to who asked: an address in the header would let others be flooded.
    const address = plainAddress(this.#parts.socket.remoteAddress ?? '');
    const from = await this.#parts.host.udp?.(address);
    if (!from) throw new TypeError('this place has no UDP');
    const sink = from.sink({ address, ports, ssrc: () => lane.ssrc, heard: () => this.heard() });
    this.#udpSinks.add(sink);
    if (this.#over.signal.aborted) sink[Symbol.dispose]();
    const lane: Lane = new Lane(sink, track.clockRate);
    const [client, server] = [ports.join('-'), from.ports.join('-')];
    return { lane, text: `RTP/AVP;unicast;client_port=${client};server_port=${server}` };
  }

  /** The stream has ended: waits for its return and goes on when the tracks are the same. */
  async #comeBack(): Promise<void> {
    if (this.#isReturning) return;
    this.#isReturning = true;
    this.#letGo();
    const stream = await this.#nextStream();
    this.#isReturning = false;
    if (!stream) return this.#parts.finish();
    this.#stream = stream;
    this.#isHeld = true;
    this.#cameBackMs = this.#parts.host.clock.monotonic();
    if (!this.#isPlaying) return;
    this.#playout?.join(stream);
    this.#playout?.start();
  }

  async #nextStream(): Promise<HeldStream | undefined> {
    const { host, path } = this.#parts;
    using late = new Deadline(host.clock, host.patienceMs);
    const signal = late.or(this.#over.signal);
    // One that ends as soon as it comes would otherwise be asked for without a pause.
    const isHasty = host.clock.monotonic() - this.#cameBackMs < RETRY_MS;
    if (isHasty) await host.clock.sleep(RETRY_MS, signal).catch(() => undefined);
    while (!signal.aborted && host.patienceMs > 0) {
      const stream = await host.hold(path, signal).catch(() => undefined);
      if (stream && !signal.aborted && isSame(this.#stream.tracks, stream.tracks)) return stream;
      stream?.[Symbol.dispose]();
      if (stream) return undefined;
      await host.clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
    return undefined;
  }

  #letGo(): void {
    if (this.#isHeld) this.#stream[Symbol.dispose]();
    this.#isHeld = false;
  }
}

/** An IPv4 address as such, also where the port listens to both families. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function isSame(before: readonly MediaTrack[], after: readonly MediaTrack[]): boolean {
  const facts = (tracks: readonly MediaTrack[]) =>
    JSON.stringify(tracks.map(one => [one.kind, one.codec, one.payloadType, one.clockRate, one.channels]));
  return facts(before) === facts(after);
}
