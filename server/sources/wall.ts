/** Several sources as one picture: a wall of tiles that any recorder, television or dashboard shows. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { Mailbox } from '#base/mailbox.ts';
import { PictureGrid, type Tile } from '#base/picture-grid.ts';
import { drawnSize, quality } from '#base/picture-options.ts';
import type { Picture } from '#model/frame.ts';
import { sourceIdSchema } from '#model/source.ts';
import { defineKind, type SourceContext } from './kind.ts';

/** So long its sources go on being looked at after the wall is not. */
const LINGER_MS = 10_000;

const options = z.strictObject({
  sources: z
    .array(sourceIdSchema)
    .min(2)
    .max(16)
    .refine(ids => new Set(ids).size === ids.length, 'must name each source once')
    .describe(
      '2 to 16 other sources, row by row, in the order in which they are chosen. Who sees the wall sees them all',
    )
    .meta({ title: 'Sources', picks: 'sources' }),
  columns: z
    .number()
    .int()
    .min(0)
    .max(8)
    .default(0)
    .describe('Tiles in a row; 0 makes the wall as square as it can be')
    .meta({ title: 'Columns' }),
  ...drawnSize({ width: 320, height: 180 }),
  gap: z.number().int().min(0).max(40).default(4).describe('Pixels between the tiles').meta({ title: 'Gap' }),
  labels: z.boolean().default(true).describe('Write its name into each tile').meta({ title: 'Names' }),
  fps: z
    .number()
    .min(0.1)
    .max(10)
    .default(1)
    .describe('At most so many pictures a second, and only when a tile changed')
    .meta({ title: 'Pictures a second', liveOnly: true }),
  quality: quality(80),
});

export default defineKind({
  title: 'Wall of several sources',
  description: 'Two to sixteen other sources as one picture, for recorders, televisions and dashboards.',
  family: 'camera',
  manner: 'stream',
  hasVideo: false,
  // Nothing changes on a wall of sources that are asleep.
  isPatient: true,
  schedule: 'live',
  options,
  async *frames({ sources, columns, fps, labels, ...look }, context) {
    const { clock, signal, isSingle } = context;
    refuseWalls(sources, context);
    const grid = new PictureGrid(sources.length, {
      ...look,
      columns: columns || Math.ceil(Math.sqrt(sources.length)),
      hasLabels: labels,
    });
    const everyMs = Math.max(1000 / fps, context.everyMs);
    const names = new Map<string, string>();
    using changes = changesOf(sources, context);
    for await (const _change of changes.inbox) {
      const startedMs = clock.monotonic();
      yield await picture(
        grid,
        sources.map(id => tileOf(id, context.pictures, names)),
        look,
        context,
      );
      if (isSingle || signal.aborted) return;
      await clock.sleep(Math.max(0, startedMs + everyMs - clock.monotonic()), signal);
    }
  },
});

async function picture(
  grid: PictureGrid,
  tiles: readonly Tile[],
  { width, height }: { width: number; height: number },
  { clock }: SourceContext,
): Promise<Picture> {
  const startedMs = clock.monotonic();
  const image = await grid.compose(tiles);
  const tookMs = Math.round(clock.monotonic() - startedMs);
  return { image, type: 'image/jpeg', width, height, at: clock.now(), tookMs };
}

/** A source may be removed, or hidden, while it hangs on the wall; `names` remembers how those that go were called. */
function tileOf(id: string, pictures: SourceContext['pictures'], names: Map<string, string>): Tile {
  const source = pictures.find(id);
  if (!source) return { label: names.get(id) ?? '', image: undefined, words: 'Removed' };
  const { name: label, trouble, isHidden } = source;
  names.set(id, label);
  if (isHidden) return { label, image: undefined, words: 'Hidden' };
  const image = pictures.latest(id)?.image;
  return { label, image, words: trouble || (image ? '' : 'No picture yet') };
}

function refuseWalls(ids: readonly string[], { name, sourceId, pictures }: SourceContext): void {
  const wall = ids.find(id => id === sourceId || pictures.find(id)?.kind === 'wall');
  if (wall === undefined) return;
  const called = wall === sourceId ? 'itself' : `“${pictures.find(wall)?.name ?? wall}”`;
  throw new GlimpserError('settings-invalid', `${name} cannot show ${called}: a wall hangs on no wall.`);
}

/** Tells when any tile changed, from now on; the wall is drawn once at first. While it is looked at, its sources are. */
function changesOf(ids: readonly string[], context: SourceContext): { inbox: Mailbox<true> } & Disposable {
  const { pictures, signal } = context;
  const inbox = new Mailbox<true>();
  const stack = new DisposableStack();
  for (const id of ids) stack.use(pictures.listen(id, () => inbox.put(true)));
  const over = new AbortController();
  const close = () => inbox.close();
  signal.addEventListener('abort', close, { once: true });
  const along = lookAlong(ids, context, AbortSignal.any([signal, over.signal]));
  // It ends only by its signal.
  along.catch(() => undefined);
  inbox.put(true);
  return {
    inbox,
    [Symbol.dispose]() {
      over.abort();
      signal.removeEventListener('abort', close);
      inbox.close();
      stack[Symbol.dispose]();
    },
  };
}

async function lookAlong(
  ids: readonly string[],
  { pictures, looking, clock }: SourceContext,
  signal: AbortSignal,
): Promise<void> {
  while (true) {
    await looking.wanted(signal);
    using seats = new DisposableStack();
    for (const id of ids) seats.use(pictures.look(id));
    await looking.lost(LINGER_MS, clock, signal);
  }
}
