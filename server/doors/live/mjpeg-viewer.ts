/** One viewer of a stream: at most one part on its way and one, the newest, waiting; older ones are dropped. */
import type { Socket } from 'node:net';
import { Pace } from '#base/pace.ts';

/** Parts that were sent, and parts that a newer one replaced. */
export interface ViewerFigures {
  sent: number;
  dropped: number;
}

/** Writes parts to a socket at the pace of its reader. */
export class Viewer {
  readonly #socket: Socket;
  readonly #figures: ViewerFigures;
  readonly #pace: Pace;
  #isBusy = false;
  #busySinceMs = 0;
  #nowMs = 0;
  #waiting: Buffer | undefined;

  constructor(socket: Socket, fps: number | undefined, figures: ViewerFigures) {
    this.#socket = socket;
    this.#figures = figures;
    this.#pace = new Pace(fps === undefined ? 0 : 1000 / fps);
  }

  /** Takes a part unless it comes too early for this viewer. */
  offer(part: Buffer, nowMs: number): void {
    if (this.#pace.isDue(nowMs)) this.send(part, nowMs);
  }

  /** Sends a part, or keeps it in place of the one that waits. */
  send(part: Buffer, nowMs: number): void {
    this.#nowMs = nowMs;
    if (!this.#isBusy) {
      this.#write(part);
      return;
    }
    if (this.#waiting) this.#figures.dropped++;
    this.#waiting = part;
  }

  /** How long the reader has taken nothing of what was written. */
  stuckForMs(nowMs: number): number {
    return this.#isBusy ? nowMs - this.#busySinceMs : 0;
  }

  /** Ends the connection at once. */
  end(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #write(part: Buffer): void {
    this.#isBusy = true;
    this.#busySinceMs = this.#nowMs;
    this.#socket.write(part, this.#written);
  }

  /** Called when the kernel has taken the part whole. A socket that failed is closed by itself. */
  readonly #written = (failure?: Error | null): void => {
    this.#isBusy = false;
    if (failure) return;
    this.#figures.sent++;
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next) this.#write(next);
  };
}
