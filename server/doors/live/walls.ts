/** Walls: several sources as one MJPEG stream, followed only while somebody looks. */
import type { ServerResponse } from 'node:http';
import { Turns } from '#base/turns.ts';
import type { Shape } from '#model/picture-shape.ts';
import type { Watching } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import type { Still } from './broadcast.ts';
import { createMjpegFanout, type MjpegFanout } from './mjpeg.ts';
import { type ComposerParts, WallComposer } from './wall-composer.ts';

const TILES_MAX = 16;
const WIDTH = { least: 320, most: 1920, usual: 1280, step: 320 } as const;

/** A wall that somebody asks for. */
export interface WallWanted {
  /** Whoever gives the same key sees the same, now and later. */
  key: string;
  /** What is to be seen now; asked again and again. The first sixteen are shown. */
  sources(): readonly Source[];
  width?: number | undefined;
  fps?: number | undefined;
}

/** What walls need. */
export type WallsParts = Omit<ComposerParts, 'turns'> & { watching: Pick<Watching, 'listen'> };

/** The walls of a hub. */
export class Walls implements Disposable {
  readonly #parts: WallsParts & ComposerParts;
  readonly #fanout: MjpegFanout;
  readonly #wanted = new Map<string, () => readonly Source[]>();
  readonly #walls = new Map<string, Wall>();
  readonly #composers = new Composers();

  constructor(parts: WallsParts) {
    this.#parts = { ...parts, turns: new Turns(1) };
    this.#fanout = createMjpegFanout({
      clock: parts.clock,
      listen: (key, shape, call) => this.#open(key, shape, call),
      seat: () => ({ [Symbol.dispose]: () => undefined }),
      still: (key, shape) => this.#still(key, shape),
    });
  }

  /** Takes a response over: sends headers and pictures until it is closed. */
  attach(response: ServerResponse, { key, sources, width, fps }: WallWanted): void {
    this.#wanted.set(key, sources);
    this.#fanout.attach(response, { sourceId: key, shape: { width: roundWidth(width) }, fps });
    response.once('close', () => {
      if (this.#fanout.figures(key).viewers === 0) this.#wanted.delete(key);
    });
  }

  [Symbol.dispose](): void {
    this.#fanout[Symbol.dispose]();
  }

  #open(key: string, shape: Shape, call: (picture: Still) => void): Disposable {
    const name = `${key} ${shape.width}`;
    const sources = () => (this.#wanted.get(key)?.() ?? []).slice(0, TILES_MAX);
    const { width = WIDTH.usual } = shape;
    const wall = new Wall({ hub: this.#parts, composers: this.#composers, width, sources, call });
    this.#walls.set(name, wall);
    return {
      [Symbol.dispose]: () => {
        this.#walls.delete(name);
        wall[Symbol.dispose]();
      },
    };
  }

  async #still(key: string, { width }: Shape): Promise<Still> {
    const wall = this.#walls.get(`${key} ${width}`);
    if (wall) return wall.still();
    const image = await this.#parts.placeholders.draw({ title: 'Nobody looks', reason: '' });
    return { image, at: this.#parts.clock.now() };
  }
}

/** Few widths, so that few walls are drawn. */
function roundWidth(width: number = WIDTH.usual): number {
  const rounded = Math.ceil(width / WIDTH.step) * WIDTH.step;
  return Math.min(Math.max(rounded, WIDTH.least), WIDTH.most);
}

interface WallParts {
  hub: WallsParts & ComposerParts;
  composers: Composers;
  width: number;
  /** What is on it now. */
  sources(): readonly Source[];
  call(picture: Still): void;
}

/** One wall in one width: listens to its sources and shows a new picture when one of them has. */
class Wall implements Disposable {
  readonly #parts: WallParts;
  readonly #ears = new Map<string, Disposable>();
  #held: { name: string; composer: WallComposer } | undefined;
  #isShowing = false;
  #isStale = false;
  #isClosed = false;

  constructor(parts: WallParts) {
    this.#parts = parts;
    this.#follow(parts.sources());
  }

  still(): Promise<Still> {
    const sources = this.#parts.sources();
    this.#follow(sources);
    const { composer } = this.#hold(sources);
    return composer.make(sources);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#follow([]);
    this.#parts.composers.release(this.#held?.name);
    this.#held = undefined;
  }

  /** Sources come and go, and so does the right to see them. */
  #follow(sources: readonly Source[]): void {
    const ids = new Set(sources.map(({ id }) => id));
    for (const [id, ear] of this.#ears) {
      if (ids.has(id)) continue;
      ear[Symbol.dispose]();
      this.#ears.delete(id);
    }
    for (const id of ids) {
      if (this.#ears.has(id)) continue;
      const changed = () => void this.#show();
      this.#ears.set(id, this.#parts.hub.watching.listen(id, changed, { isViewer: true }));
    }
  }

  #hold(sources: readonly Source[]): { composer: WallComposer } {
    const { composers, hub, width } = this.#parts;
    const name = `${width} ${sources.map(({ id }) => id).join(' ')}`;
    if (this.#held?.name === name) return this.#held;
    const held = { name, composer: composers.hold(name, () => new WallComposer(hub, width)) };
    composers.release(this.#held?.name);
    this.#held = held;
    return held;
  }

  /** What came while a picture was made may be on it already: then it is not sent again. */
  async #show(): Promise<void> {
    this.#isStale = true;
    if (this.#isShowing) return;
    this.#isShowing = true;
    let shown: Still | undefined;
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      const still = await this.still();
      if (!this.#isClosed && still !== shown) this.#parts.call(still);
      shown = still;
    }
    this.#isShowing = false;
  }
}

/** Composers that are in use: one for each set of sources and width, whoever looks. */
class Composers {
  readonly #held = new Map<string, { composer: WallComposer; holders: number }>();

  hold(name: string, make: () => WallComposer): WallComposer {
    const held = this.#held.get(name) ?? { composer: make(), holders: 0 };
    held.holders++;
    this.#held.set(name, held);
    return held.composer;
  }

  release(name: string | undefined): void {
    const held = name === undefined ? undefined : this.#held.get(name);
    if (held && --held.holders === 0) this.#held.delete(name ?? '');
  }
}
