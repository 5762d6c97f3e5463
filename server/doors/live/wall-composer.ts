/** One wall for all who see the same sources: made at most twice a second, and once for everybody who asks meanwhile. */
import type { Clock } from '#base/clock.ts';
import { sentenceOf } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Turns } from '#base/turns.ts';
import type { SourceBook, StateBook, Watching } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import type { Still } from './broadcast.ts';
import type { Placeholders } from './placeholder.ts';
import { WallPicture, type WallTile } from './wall-picture.ts';

/** Shortest time between two pictures of a wall. */
export const WALL_EVERY_MS = 500;

/** What walls are made of. */
export interface ComposerParts {
  clock: Clock;
  log: Log;
  sources: Pick<SourceBook, 'find'>;
  states: Pick<StateBook, 'of'>;
  watching: Pick<Watching, 'latest'>;
  placeholders: Placeholders;
  /** Walls are drawn one after another, so that they leave the other cores alone. */
  turns: Turns;
}

const never = new AbortController().signal;

/** Makes the pictures of one set of sources in one width. */
export class WallComposer {
  readonly #parts: ComposerParts;
  readonly #width: number;
  readonly #picture: WallPicture;
  #made: (Still & { tag: string }) | undefined;
  #begunMs = Number.NEGATIVE_INFINITY;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Still> | undefined;

  constructor(parts: ComposerParts, width: number) {
    this.#parts = parts;
    this.#width = width;
    this.#picture = new WallPicture(width, parts.placeholders, parts.log);
  }

  /** A picture that holds all that has come until now; the same as before when nothing has. Never rejects. */
  make(sources: readonly Source[]): Promise<Still> {
    this.#next ??= this.#begin(sources);
    return this.#next;
  }

  async #begin(sources: readonly Source[]): Promise<Still> {
    const { clock, turns } = this.#parts;
    await this.#running;
    const waitMs = this.#begunMs + WALL_EVERY_MS - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs);
    using _turn = await turns.take(never);
    // From here on what comes is for the next picture.
    this.#next = undefined;
    this.#begunMs = clock.monotonic();
    const making = this.#draw(sources);
    this.#running = making;
    return await making;
  }

  async #draw(sources: readonly Source[]): Promise<Still> {
    const { clock, log, placeholders } = this.#parts;
    // Some may have been removed while this waited for its turn.
    const tiles = sources.filter(({ id }) => this.#parts.sources.find(id)).map(source => this.#tile(source));
    const tag = tiles.map(tile => tile.tag).join('\n');
    if (this.#made?.tag === tag) return this.#made;
    const at = clock.now();
    try {
      const image = tiles.length === 0 ? await this.#empty() : await this.#picture.draw(tiles);
      this.#made = { image, at, tag };
      return this.#made;
    } catch (thrown) {
      log.warning('A wall could not be drawn', { error: thrown });
      const said = { title: 'The wall could not be drawn', reason: sentenceOf(thrown), width: this.#width };
      return { image: await placeholders.draw(said), at };
    }
  }

  #empty(): Promise<Buffer> {
    const reason = 'No source that you may see here is switched on.';
    return this.#parts.placeholders.draw({ title: 'Nothing to see', reason, width: this.#width });
  }

  #tile({ id, name }: Source): WallTile {
    const { reason, isOnline } = this.#parts.states.of(id);
    const frame = isOnline ? this.#parts.watching.latest(id) : undefined;
    const looks = frame ? `${frame.at} ${frame.sequence}` : reason;
    return { sourceId: id, name, image: frame?.image, reason, tag: JSON.stringify([id, name, looks]) };
  }
}
