/**
 * How the packets of a camera travel to the relay. The program behind it always speaks TCP with us, so that nothing of
 * the camera reaches it past the relay; where the camera sends by UDP, the ports are ours and its packets are framed.
 */
import type { LineHearer, RelayAnswer, RelayAsk, RelayLine } from './relay-line.ts';
import { UdpTrack } from './relay-udp.ts';
import { pickTransport } from './transport.ts';

/** How pictures of cameras travel; `prefer_tcp` asks for TCP and takes UDP. */
export type RtspTransport = 'tcp' | 'udp' | 'prefer_tcp';

const UNSUPPORTED = 461;

/** What a set-up is made of. */
export interface SetupParts {
  line: RelayLine;
  /** `prefer_tcp` goes on with UDP when the camera does not take TCP. */
  transport: RtspTransport;
  hearer: Pick<LineHearer, 'takes' | 'frames'>;
}

/** The tracks of one session. */
export class RelaySetup implements Disposable {
  readonly #parts: SetupParts;
  /** By the channel of their frames. */
  readonly #tracks = new Map<number, UdpTrack>();
  #isUdp: boolean;
  #isOver = false;

  constructor(parts: SetupParts) {
    this.#parts = parts;
    this.#isUdp = parts.transport === 'udp';
  }

  /** Sends a SETUP; its answer is one for TCP, however the camera sends. Throws `port-in-use`. */
  async ask(ask: RelayAsk): Promise<void> {
    if (this.#isUdp) return this.#askForUdp(ask);
    const { line, transport } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    line.ask({
      ...ask,
      answered(answer) {
        const isRefused = answer.status === UNSUPPORTED && transport === 'prefer_tcp';
        resolve(isRefused);
        if (!isRefused) ask.answered(answer);
      },
    });
    if (!(await promise)) return;
    this.#isUdp = true;
    await this.#askForUdp(ask);
  }

  /** Sends what the program has for the camera: reports. */
  send(channel: number, packet: Buffer, frame: Buffer): void {
    const track = this.#tracks.get(channel);
    if (track) track.report(packet);
    else if (!this.#isUdp) this.#parts.line.frame(frame);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const track of new Set(this.#tracks.values())) track[Symbol.dispose]();
    this.#tracks.clear();
  }

  async #askForUdp(ask: RelayAsk): Promise<void> {
    const { line, hearer } = this.#parts;
    const offer = pickTransport(ask.headers['transport'] ?? '', false);
    const channels = (offer?.kind === 'tcp' ? offer.channels : undefined) ?? ([0, 1] as const);
    const track = await UdpTrack.open({ ends: line.ends, channels, hearer });
    if (this.#isOver) return track[Symbol.dispose]();
    for (const channel of channels) this.#tracks.set(channel, track);
    line.ask({
      ...ask,
      headers: { ...ask.headers, transport: track.transport },
      answered: answer => {
        track.begin(answer.headers['transport'] ?? '');
        ask.answered(overTcp(answer, channels));
      },
    });
  }
}

function overTcp(answer: RelayAnswer, channels: readonly [number, number]): RelayAnswer {
  const transport = `RTP/AVP/TCP;unicast;interleaved=${channels.join('-')}`;
  return { ...answer, headers: { ...answer.headers, transport } };
}
