/** A source kind that does what the test says, run by run. */
import { z } from 'zod';
import type { Picture } from '#server/model/frame.ts';
import { defineKind, type SourceContext, type SourceKind } from '#server/sources/kind.ts';

type Step = { picture: Picture } | { error: unknown } | { isEnd: true };

/** One run that the watch asked for. */
export class DrivenRun {
  readonly context: SourceContext;
  isClosed = false;
  readonly #steps: Step[] = [];
  #wake: (() => void) | undefined;

  constructor(context: SourceContext) {
    this.context = context;
  }

  send(over: Partial<Picture> = {}): void {
    this.#push({ picture: { ...picture(this.context.clock.now()), ...over } });
  }

  fail(error: unknown): void {
    this.#push({ error });
  }

  end(): void {
    this.#push({ isEnd: true });
  }

  async next(isStubborn: boolean): Promise<Step> {
    while (true) {
      const step = this.#steps.shift();
      if (step) return step;
      await this.#arrival(isStubborn);
    }
  }

  #push(step: Step): void {
    this.#steps.push(step);
    this.#wake?.();
  }

  #arrival(isStubborn: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const { signal } = this.context;
    if (!isStubborn) {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }
    return promise;
  }
}

/** What a driven kind can be told. */
export interface Drive {
  manner?: SourceKind['manner'];
  family?: SourceKind['family'];
  hasVideo?: boolean;
  /** Called when a run begins, to let it fail or send at once. */
  onRun?: (run: DrivenRun, index: number) => void;
  /** Ignores the signal, as a broken kind does. */
  isStubborn?: boolean;
}

/** A kind and the runs that were made of it. */
export function drivenKind(drive: Drive = {}): { kind: SourceKind; runs: DrivenRun[] } {
  const runs: DrivenRun[] = [];
  const kind = defineKind({
    title: 'Driven',
    description: 'Does what the test says',
    family: drive.family ?? 'camera',
    manner: drive.manner ?? 'stream',
    hasVideo: drive.hasVideo ?? false,
    schedule: 'live',
    options: z.strictObject({ url: z.string().default('none').describe('Where') }),
    async *frames(_options, context) {
      const run = new DrivenRun(context);
      runs.push(run);
      drive.onRun?.(run, runs.length - 1);
      try {
        while (true) {
          const step = await run.next(drive.isStubborn ?? false);
          if ('error' in step) throw step.error;
          if ('isEnd' in step) return;
          yield step.picture;
        }
      } finally {
        run.isClosed = true;
      }
    },
  });
  return { kind: kind as unknown as SourceKind, runs };
}

/** A picture that is enough for what does not decode it. */
export function picture(at: number, text = 'picture'): Picture {
  return { image: Buffer.from(text), type: 'image/jpeg', at, width: 640, height: 480 };
}
