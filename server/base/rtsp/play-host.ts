/** What a place that plays streams decides: who may, what there is, and how many at once. */
import type { Clock } from '#base/clock.ts';
import type { MediaStream } from '#base/rtp/media.ts';
import type { PlayoutFigures } from '#base/rtp/playout.ts';
import type { RtspAnswer, RtspRequest } from './message.ts';
import type { UdpPorts } from './udp-ports.ts';

/** A stream for as long as it is held. */
export type HeldStream = MediaStream & Disposable;

/** Decides for one connection. */
export interface PlayHost {
  readonly clock: Clock;
  readonly figures: PlayoutFigures;
  /** How long a player is kept while its stream does not come back. */
  readonly patienceMs: number;
  /** The refusal of a request, if it is one. `path` is unset for requests that concern no stream. */
  admit(request: RtspRequest, path: string | undefined): Promise<RtspAnswer | undefined>;
  /** Throws `not-found` and why else there is no stream. */
  hold(path: string, signal: AbortSignal): Promise<HeldStream>;
  /** The ports to send from to an address; undefined where only TCP is spoken. */
  udp: ((address: string) => Promise<UdpPorts>) | undefined;
  /** Admits one more session until it is disposed; undefined when there are too many. */
  seat(): Disposable | undefined;
}
