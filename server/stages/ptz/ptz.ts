/** Moving cameras: one control for each, orders one after the other, and a fuse that ends every move. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '#base/clock.ts';
import type { Egress } from '#base/egress.ts';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import {
  MOVE_MS,
  type Ptz,
  type PtzBook,
  type PtzControl,
  type PtzPosition,
  type PtzPreset,
  type PtzSpeed,
} from '#model/ptz.ts';
import type { HubBus } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import type { SourceKind } from '#sources/kind.ts';

/** What moving needs of the hub. */
export interface PtzParts {
  bus: HubBus;
  clock: Clock;
  log: Log;
  kinds: ReadonlyMap<string, SourceKind>;
  egress: Egress;
  find: (sourceId: string) => Source | undefined;
}

/** Moving, as the hub holds it; stops what still moves when it is disposed. */
export interface PtzStage extends PtzBook, AsyncDisposable {
  /** Resolves when every order that was given is carried out. */
  settled(): Promise<void>;
}

/** Makes it; listens from now on. */
export function createPtz(parts: PtzParts): PtzStage {
  return new Movements(parts);
}

interface Held {
  source: Source;
  control: PtzControl;
  /** Undefined: not asked yet. Null: it cannot be moved. */
  known: Ptz | null | undefined;
  /** Set while it moves. */
  fuse: Disposable | undefined;
  /** One order after the other: a stop that overtakes its move would do nothing. */
  tail: Promise<unknown>;
}

const LEAST_MS = 100;
const GOODBYE_MS = 3000;

class Movements implements PtzStage {
  readonly #parts: PtzParts;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  readonly #stopper = new AbortController();
  readonly #ears: Disposable[];

  constructor(parts: PtzParts) {
    this.#parts = parts;
    this.#log = parts.log.part('ptz');
    const { bus } = parts;
    this.#ears = [
      bus.on('state.changed', 'ptz', ({ state, before }) => {
        if (state.isOnline && !before.isOnline) this.#lookQuietly(state.sourceId);
      }),
      bus.on('source.removed', 'ptz', ({ source }) => this.#drop(source.id)),
      bus.on('source.changed', 'ptz', ({ source, before }) => {
        const isSame = source.kind === before.kind && isDeepStrictEqual(source.options, before.options);
        if (!isSame) this.#drop(source.id);
      }),
    ];
  }

  async look(sourceId: string): Promise<{ ptz: Ptz; position: PtzPosition | null }> {
    const held = this.#need(sourceId);
    return this.#inTurn(held, async () => {
      const ptz = await this.#lookAt(held);
      const position = await held.control.position(this.#signal);
      return { ptz, position: position ?? null };
    });
  }

  async move(sourceId: string, speed: PtzSpeed, forMs: number): Promise<boolean> {
    const held = this.#need(sourceId);
    const isBeginning = held.fuse === undefined;
    const lastsMs = Math.min(Math.max(forMs, LEAST_MS), MOVE_MS);
    if (speed.pan === 0 && speed.tilt === 0 && speed.zoom === 0) {
      await this.stop(sourceId);
      return false;
    }
    // Before the order too: one that seems to fail may have reached the camera.
    this.#burn(held, lastsMs);
    await this.#inTurn(held, () => held.control.move(speed, lastsMs, this.#signal));
    this.#burn(held, lastsMs);
    if (held.known?.at) this.#tell(held, { ...held.known, at: null });
    return isBeginning;
  }

  async stop(sourceId: string): Promise<void> {
    const held = this.#need(sourceId);
    this.#rest(held);
    await this.#inTurn(held, () => held.control.stop(this.#signal));
  }

  async goTo(sourceId: string, preset: string): Promise<void> {
    const held = this.#need(sourceId);
    await this.#inTurn(held, async () => {
      const known = held.known ?? (await this.#lookAt(held));
      requirePreset(known, preset, held.source.name);
      this.#rest(held);
      await held.control.goTo(preset, this.#signal);
      this.#tell(held, { ...known, at: preset });
    });
  }

  async save(sourceId: string, preset: PtzPreset): Promise<Ptz> {
    const held = this.#need(sourceId);
    return this.#inTurn(held, async () => {
      const id = await held.control.save(preset, this.#signal);
      const ptz = { ...(await this.#lookAt(held)), at: id };
      this.#tell(held, ptz);
      return ptz;
    });
  }

  async settled(): Promise<void> {
    await Promise.allSettled([...this.#held.values()].map(held => held.tail));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ear of this.#ears) ear[Symbol.dispose]();
    const moving = [...this.#held.values()].filter(held => held.fuse !== undefined);
    const goodbye = AbortSignal.timeout(GOODBYE_MS);
    for (const held of moving) this.#rest(held);
    await Promise.allSettled(moving.map(held => held.control.stop(goodbye)));
    this.#stopper.abort();
    await this.settled();
  }

  get #signal(): AbortSignal {
    return this.#stopper.signal;
  }

  #need(sourceId: string): Held {
    const source = this.#parts.find(sourceId);
    if (!source) throw new GlimpserError('not-found', `There is no source “${sourceId.slice(0, 40)}”.`);
    const held = this.#held.get(sourceId) ?? this.#hold(source);
    if (held) return held;
    throw cannotMove(source.name);
  }

  #hold(source: Source): Held | undefined {
    const { kinds, clock, egress } = this.#parts;
    const kind = kinds.get(source.kind);
    const options = kind?.options.safeParse(source.options);
    if (!kind?.ptz || !options?.success) return undefined;
    const control = kind.ptz(options.data, { name: source.name, clock, egress });
    const held: Held = { source, control, known: undefined, fuse: undefined, tail: Promise.resolve() };
    this.#held.set(source.id, held);
    return held;
  }

  #drop(sourceId: string): void {
    const held = this.#held.get(sourceId);
    if (held?.fuse) this.#stopQuietly(held);
    this.#held.delete(sourceId);
  }

  /** Throws `not-found` when it cannot be moved. */
  async #lookAt(held: Held): Promise<Ptz> {
    const found = await held.control.look(this.#signal);
    const at = held.known?.at ?? null;
    const known = found ? { ...found, at: found.presets.some(({ id }) => id === at) ? at : null } : null;
    this.#tell(held, known);
    if (known) return known;
    throw cannotMove(held.source.name);
  }

  #lookQuietly(sourceId: string): void {
    const source = this.#parts.find(sourceId);
    const held = source && (this.#held.get(sourceId) ?? this.#hold(source));
    if (!held) return;
    this.#inTurn(held, () => this.#lookAt(held)).catch(thrown => {
      this.#log.debug(`${held.source.name}: ${sentenceOf(thrown)}`);
    });
  }

  #tell(held: Held, ptz: Ptz | null): void {
    if (isDeepStrictEqual(held.known, ptz)) return;
    held.known = ptz;
    const { bus, clock } = this.#parts;
    if (this.#held.get(held.source.id) !== held) return;
    bus.emit('ptz.changed', { sourceId: held.source.id, at: clock.now(), ptz });
  }

  #inTurn<T>(held: Held, order: () => Promise<T>): Promise<T> {
    const done = held.tail.then(() => {
      this.#signal.throwIfAborted();
      return order();
    });
    held.tail = done.catch(() => undefined);
    return done;
  }

  #burn(held: Held, ms: number): void {
    held.fuse?.[Symbol.dispose]();
    held.fuse = this.#parts.clock.after(ms, () => this.#stopQuietly(held));
  }

  #rest(held: Held): void {
    held.fuse?.[Symbol.dispose]();
    held.fuse = undefined;
  }

  #stopQuietly(held: Held): void {
    this.#rest(held);
    this.#inTurn(held, () => held.control.stop(this.#signal)).catch(thrown => {
      this.#log.warning(`${held.source.name} may still move: ${sentenceOf(thrown)}`);
    });
  }
}

function requirePreset({ presets }: Ptz, id: string, name: string): void {
  if (presets.some(preset => preset.id === id)) return;
  const known = presets.map(preset => `${preset.name} (${preset.id})`).join(', ') || 'none';
  const sentence = `${name} has no preset “${id.slice(0, 40)}”. It has: ${known.slice(0, 400)}.`;
  throw new GlimpserError('not-found', sentence);
}

function cannotMove(name: string): GlimpserError {
  return new GlimpserError(
    'not-found',
    `${name} cannot be moved: it has no pan, tilt or zoom that it offers.`,
  );
}
