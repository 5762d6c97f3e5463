/** A context for one run of a source kind: real FFmpeg and a real egress guard that lets loopback peers through. */
import type { Browser } from '#server/base/browser.ts';
import { systemClock } from '#server/base/clock.ts';
import { createEgress } from '#server/base/egress.ts';
import { findFfmpeg } from '#server/base/ffmpeg.ts';
import { Interest } from '#server/base/interest.ts';
import { silentLog } from '#server/base/log.ts';
import { findYtDlp } from '#server/base/yt-dlp.ts';
import type { SourceContext } from '#server/sources/kind.ts';

/** A context with what a test looks at afterwards. */
export interface TestContext extends AsyncDisposable {
  context: SourceContext;
  notes: string[];
  /** What the source noticed itself: `motion on`. */
  triggers: string[];
  /** Ends the run. */
  stop: () => void;
}

/** Makes a context; `over` replaces parts of it, and `far` names peers that count as being on the internet. */
export async function sourceContext(
  over: Partial<SourceContext> = {},
  far: readonly string[] = [],
): Promise<TestContext> {
  const stopper = new AbortController();
  const notes: string[] = [];
  const triggers: string[] = [];
  const exceptions = far.map(url => new URL(url).host);
  const egress = createEgress({
    policy: () => ({ allowLoopback: true, websitesMayReachLan: true, exceptions, ownPorts: () => [] }),
    clock: systemClock,
    log: silentLog,
  });
  const context: SourceContext = {
    sourceId: 'test1234',
    name: 'Front door',
    signal: stopper.signal,
    everyMs: 0,
    isSingle: false,
    clock: systemClock,
    log: silentLog,
    egress,
    ffmpeg: await findFfmpeg(),
    ytDlp: await findYtDlp(undefined, '/nowhere'),
    browser: noBrowser,
    mediaFolder: '/nowhere/media',
    posted: () => nothing(),
    pictures: noOthers,
    hardware: { pick: () => undefined, worked: () => undefined, failed: () => false },
    looking: new Interest(),
    inlet: undefined,
    alive: () => undefined,
    measured: () => undefined,
    dropped: () => undefined,
    note: line => void notes.push(line),
    trigger: (name, isOn) => void triggers.push(`${name} ${isOn ? 'on' : 'off'}`),
    ...over,
  };
  return {
    context,
    notes,
    triggers,
    stop: () => stopper.abort(),
    async [Symbol.asyncDispose]() {
      stopper.abort();
      await egress[Symbol.asyncDispose]();
    },
  };
}

/** Kinds under test that need no page get this one. */
const noBrowser = new Proxy({} as Browser, {
  get: () => {
    throw new Error('this kind must not use the browser');
  },
});

const noOthers: SourceContext['pictures'] = {
  find: () => undefined,
  latest: () => undefined,
  listen: () => ({ [Symbol.dispose]: () => undefined }),
  look: () => ({ [Symbol.dispose]: () => undefined }),
};

async function* nothing(): AsyncGenerator<never, void, void> {
  yield* [];
}

/** The first pictures of a run, then the run is ended. */
export async function firstOf<T>(frames: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const frame of frames) {
    taken.push(frame);
    if (taken.length >= count) break;
  }
  return taken;
}
