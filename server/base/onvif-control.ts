/** Moves one ONVIF camera; the connection is made when something is first asked, and anew after a failure. */
import type { Clock } from './clock.ts';
import { GlimpserError } from './errors.ts';
import type { OnvifCamera } from './onvif-camera.ts';
import { type OnvifProfile, pickProfile, readProfiles } from './onvif-media.ts';
import {
  goToPreset,
  type OnvifPosition,
  type OnvifPreset,
  type OnvifSpeed,
  readAxes,
  readPosition,
  readPresets,
  setPreset,
  startMove,
  stopMove,
} from './onvif-ptz.ts';

interface Movable {
  camera: OnvifCamera;
  profile: OnvifProfile;
}

/** How long a connection is trusted: cameras come back from a restart with other addresses and times. */
const OPEN_MS = 300_000;

/** Control of one camera. */
export class OnvifControl {
  readonly #clock: Clock;
  readonly #open: (signal: AbortSignal) => Promise<OnvifCamera>;
  readonly #wanted: string;
  #movable: Promise<Movable | undefined> | undefined;
  #openedAt = 0;

  constructor(clock: Clock, open: (signal: AbortSignal) => Promise<OnvifCamera>, wanted: string) {
    this.#clock = clock;
    this.#open = open;
    this.#wanted = wanted;
  }

  async look(
    signal: AbortSignal,
  ): Promise<{ canTurn: boolean; canZoom: boolean; presets: OnvifPreset[] } | undefined> {
    this.#movable = undefined;
    const found = await this.#find(signal);
    if (!found) return undefined;
    const axes = await readAxes(found.camera, signal);
    return { ...axes, presets: await readPresets(found.camera, found.profile, signal) };
  }

  async position(signal: AbortSignal): Promise<OnvifPosition | undefined> {
    return this.#with(signal, ({ camera, profile }) => readPosition(camera, profile, signal));
  }

  async move(speed: OnvifSpeed, forMs: number, signal: AbortSignal): Promise<void> {
    await this.#with(signal, ({ camera, profile }) => startMove(camera, profile, speed, forMs, signal));
  }

  async stop(signal: AbortSignal): Promise<void> {
    await this.#with(signal, ({ camera, profile }) => stopMove(camera, profile, signal));
  }

  async goTo(preset: string, signal: AbortSignal): Promise<void> {
    await this.#with(signal, ({ camera, profile }) => goToPreset(camera, profile, preset, signal));
  }

  async save({ id, name }: OnvifPreset, signal: AbortSignal): Promise<string> {
    return this.#with(signal, async ({ camera, profile }) => {
      const known = await readPresets(camera, profile, signal);
      // Cameras give ids themselves; an id of ours would be refused.
      const kept = known.some(preset => preset.id === id) ? id : undefined;
      return setPreset(camera, profile, { id: kept, name }, signal);
    });
  }

  async #with<T>(signal: AbortSignal, ask: (movable: Movable) => Promise<T>): Promise<T> {
    const found = await this.#find(signal);
    if (!found) throw new GlimpserError('not-found', 'This camera cannot be moved.');
    try {
      return await ask(found);
    } catch (thrown) {
      this.#movable = undefined;
      throw thrown;
    }
  }

  #find(signal: AbortSignal): Promise<Movable | undefined> {
    if (this.#movable && this.#clock.monotonic() - this.#openedAt < OPEN_MS) return this.#movable;
    const movable = this.#connect(signal);
    this.#openedAt = this.#clock.monotonic();
    this.#movable = movable;
    movable.catch(() => {
      if (this.#movable === movable) this.#movable = undefined;
    });
    return movable;
  }

  async #connect(signal: AbortSignal): Promise<Movable | undefined> {
    const camera = await this.#open(signal);
    if (!camera.has('ptz')) return undefined;
    const profiles = await readProfiles(camera, signal);
    const looked = pickProfile(profiles, this.#wanted, camera.name);
    const profile = [looked, ...profiles.filter(one => isSameView(one, looked))].find(one => one.isMovable);
    return profile && { camera, profile };
  }
}

/** Recorders have profiles of many cameras; only those of the camera that is looked at may be moved. */
function isSameView(one: OnvifProfile, other: OnvifProfile): boolean {
  return (
    one.sources.size === 0 ||
    other.sources.size === 0 ||
    [...one.sources].some(token => other.sources.has(token))
  );
}
