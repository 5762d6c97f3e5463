/** A camera as an input of FFmpeg, by way of relays: one for each run of FFmpeg, since an address works once. */
import type { RtspInput } from '#base/ffmpeg-inputs.ts';
import { openRelay, type Relay, type RelayOptions } from './relay.ts';

/**
 * @example
 * await using input = new RelayedInput(options);
 * try { yield* cameraPictures({ …, input: signal => input.open(signal) }); } catch (thrown) { throw input.explain(thrown); }
 */
export class RelayedInput implements AsyncDisposable {
  readonly #options: Omit<RelayOptions, 'signal'>;
  #relay: Relay | undefined;

  constructor(options: Omit<RelayOptions, 'signal'>) {
    this.#options = options;
  }

  /** Opens a relay; the one before has served. Throws why there is no stream. */
  async open(signal: AbortSignal): Promise<RtspInput> {
    await this[Symbol.asyncDispose]();
    this.#relay = await openRelay({ ...this.#options, signal });
    return { from: 'rtsp', url: this.#relay.url };
  }

  /** The relay's reason, where it has one; what FFmpeg says of its end is only what follows from it. */
  explain(thrown: unknown): unknown {
    return this.#relay?.failure ?? thrown;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#relay?.[Symbol.asyncDispose]();
  }
}
