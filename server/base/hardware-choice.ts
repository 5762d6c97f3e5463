/** Which decoder is used: what people prefer, what was found to work here, and what failed for one camera. */
import { z } from 'zod';
import { type Clock, isoTime } from './clock.ts';
import { sentenceOf } from './errors.ts';
import type { Hardware, HardwareCodec, HardwarePreset } from './ffmpeg-hardware.ts';
import {
  type HardwareRow,
  hardwareRowSchema,
  type ProbeTools,
  probeHardware,
  probeKey,
} from './hardware-probe.ts';
import type { Log } from './log.ts';

/** `auto`: the first that works; `none`: software. */
export type HardwarePreference = 'auto' | 'none' | HardwarePreset;

/** What decodes pictures. */
export type Decoder = HardwarePreset | 'software';

/** Failures before a first picture after which a camera is decoded in software. */
const MOST_FAILURES = 2;

const storedSchema = z.object({ key: z.string(), at: z.string(), rows: z.array(hardwareRowSchema) });

type Stored = z.output<typeof storedSchema>;

/** What the choice is made with. */
export interface HardwareChoiceParts extends Pick<ProbeTools, 'ffmpeg' | 'machine'> {
  clock: Clock;
  log: Log;
  preference(): HardwarePreference;
  /** Where the last table is kept. */
  store: { get(): Promise<string | undefined>; set(text: string): Promise<void> };
}

/** How it stands. */
export interface HardwareStatus {
  preference: HardwarePreference;
  isProbing: boolean;
  /** When the table was made, ISO; null while there is none. */
  at: string | null;
  rows: readonly HardwareRow[];
  /** What new decoders are started with. */
  uses: Record<HardwareCodec, Decoder>;
}

/** The decoder of one camera. */
export interface Decoding {
  /** Undefined: software. */
  pick(codec: HardwareCodec): Hardware | undefined;
  /** The first picture came out of it. */
  worked(decoder: Decoder): void;
  /** It ended before a first picture. True when this camera goes on in software. */
  failed(): boolean;
}

/** The one choice of a hub. */
export class HardwareChoice implements AsyncDisposable {
  readonly #parts: HardwareChoiceParts;
  /** By camera: how often in a row, and which way it was. */
  readonly #failures = new Map<string, { count: number; preset: HardwarePreset }>();
  readonly #ended = new AbortController();
  #known: Stored | undefined;
  #beginning: Promise<void> = Promise.resolve();
  #probing: Promise<void> | undefined;
  #preferred: HardwarePreference | undefined;

  constructor(parts: HardwareChoiceParts) {
    this.#parts = parts;
  }

  get ffmpegVersion(): string | undefined {
    return this.#parts.ffmpeg.version;
  }

  get status(): HardwareStatus {
    return {
      preference: this.#parts.preference(),
      isProbing: this.#probing !== undefined,
      at: this.#known?.at ?? null,
      rows: this.#known?.rows ?? [],
      uses: {
        h264: this.#best('h264')?.preset ?? 'software',
        h265: this.#best('h265')?.preset ?? 'software',
      },
    };
  }

  /** Takes the table of an earlier start, or makes one where FFmpeg or the devices are others. Never rejects. */
  begin(): Promise<void> {
    this.#beginning = this.#begin();
    return this.#beginning;
  }

  /** Tries every decoder anew; while that runs, others who ask wait for the same. Never rejects. */
  probe(): Promise<void> {
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /**
   * The decoder of one camera; what failed for it is remembered by its key. `told` hears what decodes, and which way
   * in hardware was given up for it.
   */
  of(key: string, told: (decoder: Decoder, givenUp: HardwarePreset | null) => void): Decoding {
    let picked: HardwarePreset | undefined;
    return {
      pick: codec => {
        this.#forgetOnChange();
        const hardware = this.#givenUp(key) === null ? this.#best(codec) : undefined;
        picked = hardware?.preset;
        return hardware;
      },
      worked: decoder => {
        if (decoder !== 'software') this.#failures.delete(key);
        told(decoder, this.#givenUp(key));
      },
      failed: () => {
        const count = (this.#failures.get(key)?.count ?? 0) + 1;
        if (picked) this.#failures.set(key, { count, preset: picked });
        return count >= MOST_FAILURES;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await Promise.all([this.#beginning, this.#probing]);
  }

  async #begin(): Promise<void> {
    try {
      const key = await probeKey(this.#parts);
      const stored = readStored(await this.#parts.store.get());
      if (stored?.key === key) this.#known = stored;
      else if (this.#parts.preference() !== 'none') await this.probe();
    } catch (thrown) {
      if (this.#ended.signal.aborted) return;
      this.#parts.log.warning(`Hardware decoders were not tried: ${sentenceOf(thrown)}`, { error: thrown });
    }
  }

  async #probe(): Promise<void> {
    const { clock, ffmpeg, log, machine, store } = this.#parts;
    try {
      const key = await probeKey(this.#parts);
      const rows = await probeHardware({ ffmpeg, machine, clock, signal: this.#ended.signal });
      this.#known = { key, at: isoTime(clock.now()), rows };
      this.#failures.clear();
      await store.set(JSON.stringify(this.#known));
      const works = rows
        .filter(({ isUsable }) => isUsable)
        .map(({ title, codec }) => `${title} for ${codec}`);
      log.info(
        `Hardware decoders that work: ${works.join(', ') || 'none; pictures are decoded in software'}`,
      );
    } catch (thrown) {
      if (this.#ended.signal.aborted) return;
      log.warning(`Hardware decoders could not be tried: ${sentenceOf(thrown)}`, { error: thrown });
    }
  }

  /** What a person names is taken at their word; two failures bring each camera back to software. */
  #best(codec: HardwareCodec): Hardware | undefined {
    const preference = this.#parts.preference();
    if (preference === 'none') return undefined;
    const rows = (this.#known?.rows ?? []).filter(row => row.codec === codec);
    const usable = rows.find(row => row.isUsable && (preference === 'auto' || row.preset === preference));
    if (usable)
      return { preset: usable.preset, codec, ...(usable.device === null ? {} : { device: usable.device }) };
    return preference === 'auto' ? undefined : { preset: preference, codec };
  }

  /** What is left alone for a camera after too many failures. */
  #givenUp(key: string): HardwarePreset | null {
    const failed = this.#failures.get(key);
    return failed && failed.count >= MOST_FAILURES ? failed.preset : null;
  }

  #forgetOnChange(): void {
    const preference = this.#parts.preference();
    if (this.#preferred !== preference) this.#failures.clear();
    this.#preferred = preference;
  }
}

function readStored(text: string | undefined): Stored | undefined {
  if (text === undefined) return undefined;
  try {
    return storedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
