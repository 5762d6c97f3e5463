/** Plays a stream to one receiver: begins at a key unit, drops whole groups for a slow one and gives up a stuck one. */
import type { Clock } from '#base/clock.ts';
import type { Lane } from './lane.ts';
import type { MediaStream, MediaTaker, MediaUnit } from './media.ts';

const MAX_BACKLOG_BYTES = 2_000_000;
const STUCK_MS = 10_000;

/** Counts of all receivers together. */
export interface PlayoutFigures {
  packets: number;
  /** Groups of pictures of which a slow receiver lost the rest or everything. */
  droppedGroups: number;
}

/** What a playout is given. */
export interface PlayoutParts {
  lanes: ReadonlyMap<number, Lane>;
  figures: PlayoutFigures;
  clock: Clock;
  /** The stream has ended. */
  ended: () => void;
  /** The receiver takes nothing any more. */
  stuck: () => void;
  /** A group of pictures was left out, wholly or from some picture on. */
  dropped?: () => void;
}

/** The way of one stream to one receiver. */
export class Playout implements MediaTaker {
  readonly #parts: PlayoutParts;
  readonly #lanes: readonly Lane[];
  #seat: Disposable | undefined;
  /** Units of the cache, until the receiver has been told where it begins. */
  #held: MediaUnit[] | undefined;
  #isWaitingForKey = true;
  /** When the first unit was due: monotonic, and in milliseconds since 1970. */
  #began: { ms: number; at: number } | undefined;
  /** What a receiver may owe us; more while it has not yet taken the first group, which comes in one go. */
  #maxBacklogBytes = MAX_BACKLOG_BYTES;
  #progress = { sentBytes: 0, atMs: 0 };

  constructor(parts: PlayoutParts) {
    this.#parts = parts;
    this.#lanes = [...parts.lanes.values()];
  }

  /** Joins; what the cache holds is kept back until `start`. */
  join(stream: MediaStream): void {
    this.leave();
    for (const lane of this.#lanes) lane.breakOff();
    this.#isWaitingForKey = true;
    this.#held = [];
    this.#seat = stream.take(this);
  }

  /** Where a lane begins, for RTP-Info. */
  startOf(lane: Lane): { sequence: number; time: number } {
    const [first] = this.#held ?? [];
    const firstMs = first ? dueMs(first) : this.#parts.clock.monotonic();
    return { sequence: lane.nextSequence, time: lane.timeAt(firstMs - this.#begin(firstMs).ms) };
  }

  /** Sends what was kept back, then everything as it comes. */
  start(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const unit of held) this.#send(unit);
    this.#maxBacklogBytes = Math.max(this.#maxBacklogBytes, this.backlogBytes + MAX_BACKLOG_BYTES);
  }

  /** Leaves the stream for good. */
  bye(): void {
    this.leave();
    if (this.#began) for (const lane of this.#lanes) lane.leave(this.#began.at);
  }

  /** Leaves the stream; `join` may follow. */
  leave(): void {
    const seat = this.#seat;
    this.#seat = undefined;
    this.#held = undefined;
    seat?.[Symbol.dispose]();
  }

  /** The bytes that wait in the fullest sink. */
  get backlogBytes(): number {
    let most = 0;
    for (const { sink } of this.#lanes) most = Math.max(most, sink.backlogBytes);
    return most;
  }

  unit(unit: MediaUnit): void {
    if (this.#held) this.#held.push(unit);
    else if (this.#isRoom(unit)) this.#send(unit);
  }

  end(): void {
    // What it still kept back is the last of the stream.
    this.#seat = undefined;
    this.#parts.ended();
  }

  /** Called every few seconds: tells the time of each lane, and finds a receiver that is stuck. */
  tick(nowMs: number): void {
    if (this.#began) for (const lane of this.#lanes) lane.report(this.#began.at);
    this.#checkProgress(nowMs);
  }

  #isRoom(unit: MediaUnit): boolean {
    const { backlogBytes } = this;
    if (backlogBytes <= MAX_BACKLOG_BYTES) this.#maxBacklogBytes = MAX_BACKLOG_BYTES;
    if (this.#isWaitingForKey) {
      if (!unit.isKey) return false;
      // Room for some of the next group, or it would lose its end at once.
      if (backlogBytes <= MAX_BACKLOG_BYTES / 2) return true;
      this.#drop();
      this.#checkProgress(unit.atMs);
      return false;
    }
    if (backlogBytes <= this.#maxBacklogBytes) return true;
    this.#drop();
    this.#isWaitingForKey = true;
    this.#checkProgress(unit.atMs);
    return false;
  }

  #drop(): void {
    this.#parts.figures.droppedGroups++;
    this.#parts.dropped?.();
  }

  #send(unit: MediaUnit): void {
    if (this.#isWaitingForKey && !unit.isKey) return;
    this.#isWaitingForKey = false;
    const lane = this.#parts.lanes.get(unit.track);
    if (!lane) return;
    const isFirst = !lane.hasSent;
    const began = this.#begin(dueMs(unit));
    this.#parts.figures.packets += lane.send(unit, began.ms);
    // At once, or players would guess how sound and picture belong together.
    if (isFirst) lane.report(began.at);
  }

  #begin(ms: number): { ms: number; at: number } {
    const { clock } = this.#parts;
    this.#began ??= { ms, at: clock.now() - (clock.monotonic() - ms) };
    return this.#began;
  }

  #checkProgress(nowMs: number): void {
    let sentBytes = 0;
    for (const { sink } of this.#lanes) sentBytes += sink.sentBytes;
    if (this.backlogBytes === 0 || sentBytes !== this.#progress.sentBytes) {
      this.#progress = { sentBytes, atMs: nowMs };
    } else if (nowMs - this.#progress.atMs >= STUCK_MS) this.#parts.stuck();
  }
}

function dueMs(unit: MediaUnit): number {
  return unit.dueMs ?? unit.atMs;
}
