/** Answers a program that pushes a stream to us: ANNOUNCE, SETUP of each track, RECORD, then packets. */
import type { Clock } from '#base/clock.ts';
import { LiveStream } from '#base/rtp/live-stream.ts';
import type { MediaTrack } from '#base/rtp/media.ts';
import { readSenderReport } from '#base/rtp/rtcp.ts';
import { UnitBuilder } from '#base/rtp/unit-builder.ts';
import type { RtspPeer } from './connection.ts';
import type { RtspAnswer, RtspRequest } from './message.ts';
import { type DescribedTrack, readSdp } from './sdp.ts';
import { pickTransport } from './transport.ts';

/** A picture track that we cannot tell the key units of is of no use. */
const VIDEO = new Set(['H264', 'H265', 'JPEG']);
const SESSION = 'push';

/** Who waits for the stream. */
export interface PublisherParts {
  clock: Clock;
  /** Its tracks are known, and so is what a decoder must know before the first picture. */
  ready: (stream: LiveStream) => void;
  /** It has ended, or never began. */
  over: () => void;
}

/** One connection that pushes. */
export class Publisher implements RtspPeer {
  readonly #parts: PublisherParts;
  #described: readonly DescribedTrack[] = [];
  /** By channel. */
  readonly #builders = new Map<number, UnitBuilder>();
  /** By channel, too: what the publisher says about the clocks of its tracks. */
  readonly #reported = new Map<number, (packet: Buffer) => void>();
  #stream: LiveStream | undefined;
  #isRecording = false;
  #shiftMs: number | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  async answer(request: RtspRequest): Promise<RtspAnswer> {
    switch (request.method) {
      case 'ANNOUNCE':
        return this.#announce(request);
      case 'SETUP':
        return this.#setUp(request);
      case 'RECORD':
        return this.#record();
      case 'TEARDOWN':
        this.closed();
        return { status: 200 };
      default:
        return { status: /^(OPTIONS|GET_PARAMETER|SET_PARAMETER)$/.test(request.method) ? 200 : 501 };
    }
  }

  packet(channel: number, packet: Buffer): void {
    this.#reported.get(channel)?.(packet);
    const builder = this.#isRecording ? this.#builders.get(channel) : undefined;
    if (!builder) return;
    for (const unit of builder.add(packet, this.#parts.clock.monotonic())) {
      if (this.#stream) this.#stream.push(unit);
      else if (unit.isKey) this.#begin()?.push(unit);
    }
  }

  heard(): void {
    // Whoever pushes is watched by whoever started it.
  }

  closed(): void {
    this.#isRecording = false;
    this.#stream?.end();
    this.#parts.over();
  }

  /** Its clock is not ours: only how the tracks belong together counts. */
  #report(builder: UnitBuilder, packet: Buffer): void {
    const report = readSenderReport(packet);
    if (!report) return;
    this.#shiftMs ??= this.#parts.clock.monotonic() - report.wallMs;
    builder.calibrate(report.wallMs + this.#shiftMs, report.rtpTime);
  }

  #announce({ body }: RtspRequest): RtspAnswer {
    if (this.#described.length > 0) return { status: 455 };
    const described = readSdp(body.toString('utf8'));
    const isUsable = ({ track }: DescribedTrack) => track.kind === 'audio' || VIDEO.has(track.codec);
    if (described.length === 0 || !described.every(isUsable)) return { status: 415 };
    this.#described = described;
    return { status: 200 };
  }

  #setUp({ url, headers }: RtspRequest): RtspAnswer {
    if (this.#isRecording) return { status: 455 };
    const index = this.#described.findIndex(({ control }) => control !== '' && url.endsWith(`/${control}`));
    const place = index < 0 && this.#described.length === 1 ? 0 : index;
    const track = this.#described[place]?.track;
    if (!track) return { status: 404 };
    const transport = pickTransport(headers['transport'] ?? '', false);
    if (transport?.kind !== 'tcp') return { status: 461 };
    const channels = transport.channels ?? [place * 2, place * 2 + 1];
    const hasVideo = this.#described.some(one => one.track.kind === 'video');
    const builder = new UnitBuilder({ index: place, track, hasVideo });
    this.#builders.set(channels[0], builder);
    this.#reported.set(channels[1], packet => this.#report(builder, packet));
    const text = `RTP/AVP/TCP;unicast;interleaved=${channels.join('-')};mode=record`;
    return {
      status: 200,
      headers: [
        ['Transport', text],
        ['Session', SESSION],
      ],
    };
  }

  #record(): RtspAnswer {
    if (this.#isRecording || this.#builders.size === 0) return { status: 455 };
    this.#isRecording = true;
    const areKnown = [...this.#builders.values()].every(one => !one.hasSets || one.sets.isComplete);
    if (areKnown) this.#begin();
    return { status: 200, headers: [['Session', SESSION]] };
  }

  #begin(): LiveStream | undefined {
    const tracks = this.#described.map(({ track }) => this.#completed(track));
    this.#stream = new LiveStream(tracks);
    this.#parts.ready(this.#stream);
    return this.#stream;
  }

  #completed(track: MediaTrack): MediaTrack {
    const builder = [...this.#builders.values()].find(one => one.track === track);
    return builder?.hasSets ? { ...track, format: builder.sets.completed(track) } : track;
  }
}
