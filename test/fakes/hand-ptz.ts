/** Cameras that are moved by hand: orders are written down. */
import { GlimpserError } from '#server/base/errors.ts';
import type { Ptz, PtzBook, PtzPreset, PtzSpeed } from '#server/model/ptz.ts';

/** Orders in their order. */
export class HandPtz implements PtzBook {
  readonly orders: string[] = [];
  /** Sources that can be moved. */
  readonly movable = new Set<string>();
  #isMoving = false;

  async look(sourceId: string) {
    this.#need(sourceId);
    return { ptz: this.#ptz(), position: { pan: 0, tilt: 0.5, zoom: null, isMoving: this.#isMoving } };
  }

  async move(sourceId: string, { pan, tilt, zoom }: PtzSpeed, forMs: number): Promise<boolean> {
    this.#need(sourceId);
    this.orders.push(`move ${pan} ${tilt} ${zoom} ${forMs}`);
    const wasMoving = this.#isMoving;
    this.#isMoving = true;
    return !wasMoving;
  }

  async stop(sourceId: string): Promise<void> {
    this.#need(sourceId);
    this.orders.push('stop');
  }

  async goTo(sourceId: string, preset: string): Promise<void> {
    this.#need(sourceId);
    this.orders.push(`go ${preset}`);
  }

  async save(sourceId: string, { id, name }: PtzPreset): Promise<Ptz> {
    this.#need(sourceId);
    this.orders.push(`save ${id} ${name}`);
    return this.#ptz();
  }

  #ptz(): Ptz {
    return { canTurn: true, canZoom: false, presets: [{ id: '1', name: 'Gate' }], at: null };
  }

  #need(sourceId: string): void {
    if (!this.movable.has(sourceId)) throw new GlimpserError('not-found', 'It cannot be moved.');
  }
}
