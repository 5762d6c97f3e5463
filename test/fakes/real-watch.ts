/** A real watch with the real kinds, guard and FFmpeg; a test may give it a clock, a resolver or a program of its own. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '#server/base/clock.ts';
import { loadKinds } from '#server/base/kinds.ts';
import type { Source } from '#server/model/source.ts';
import type { SourceContext, SourceKind } from '#server/sources/kind.ts';
import { createWatch, type Watch } from '#server/stages/watch/watch.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { sourceContext } from '#test/fakes/source-context.ts';
import { until } from '#test/fakes/until.ts';
import { aSource, listLog, payloads, recordingBus } from '#test/fakes/watch-bench.ts';
import { REPOSITORY } from '#test/house/repository.ts';

const kinds = await loadKinds<SourceKind>(join(REPOSITORY, 'server', 'sources'));

/** What runs, and what was told of it. */
export interface RealWatch extends AsyncDisposable {
  watch: Watch;
  logged: string[];
  /** Sentences of its failures, oldest first. */
  failures(id?: string): string[];
  codes(id?: string): string[];
  /** Width and height of each picture, oldest first. */
  sizes(id?: string): string[];
  /** Waits for one more picture than there are. */
  more(id?: string): Promise<void>;
  /** Waits for one more failure than there are; answers its sentence. */
  fails(id?: string): Promise<string>;
}

/** Watches these sources until disposed; the first one is meant where no id is named. */
export function watchReal(
  sources: Array<Partial<Source>>,
  over: Partial<SourceContext> & { clock?: Clock } = {},
): Promise<RealWatch> {
  return startWatch(
    sources.map((source, index) => aSource({ id: `source${index}1`, name: 'Yard', ...source })),
    over,
  );
}

async function startWatch(sources: Source[], over: Partial<SourceContext>): Promise<RealWatch> {
  const clock = over.clock ?? systemClock;
  const fake = await sourceContext({ ...over, clock });
  const { bus, told } = recordingBus();
  const logged: string[] = [];
  const watch = createWatch({
    ...{ bus, clock, kinds, log: listLog(logged), isPaused: () => false, random: () => 0.5 },
    tools: {
      ...fake.context,
      programsFor: () => fake.context,
      picturesFor: () => fake.context.pictures,
      decodingFor: () => fake.context.hardware,
    },
  });
  const first = sources[0]?.id ?? '';
  const failed = (id = first) => payloads(told, 'source.failed').filter(({ sourceId }) => sourceId === id);
  const captured = (id = first) =>
    payloads(told, 'source.captured').filter(({ sourceId }) => sourceId === id);
  for (const source of sources) watch.start(source);
  return {
    ...{ watch, logged },
    failures: id => failed(id).map(({ error }) => error.message),
    codes: id => failed(id).map(({ error }) => error.code),
    sizes: id => captured(id).map(({ width, height }) => `${width}x${height}`),
    async more(id) {
      const before = captured(id).length;
      await until('a picture comes', () => captured(id).length > before);
    },
    async fails(id) {
      const before = failed(id).length;
      return until('it fails', () => failed(id)[before]?.error.message);
    },
    async [Symbol.asyncDispose]() {
      const end = watch[Symbol.asyncDispose]();
      await (clock instanceof FakeClock ? passUntil(end, clock) : end);
      await fake[Symbol.asyncDispose]();
    },
  };
}

/** A program that does not hear SIGTERM is ended by force five seconds later, by this clock. */
async function passUntil(end: PromiseLike<void>, clock: FakeClock): Promise<void> {
  let hasEnded = false;
  const noted = Promise.resolve(end).finally(() => {
    hasEnded = true;
  });
  while (!hasEnded) {
    await delay(20);
    if (!hasEnded) await clock.advance(500);
  }
  await noted;
}
