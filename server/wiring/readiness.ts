/** Readiness: whether every part of the hub does its work now, with a reason for each. */
import { sentenceOf } from '#base/errors.ts';
import type { PartStatus } from '#doors/http/services.ts';
import type { HubState } from '#model/entity.ts';
import type { SafeMode } from '#model/safe-mode.ts';
import type { History } from './history.ts';

/** What is asked. */
export interface ReadinessParts {
  /** Rejects while the data folder takes nothing new. */
  checkFolder(): Promise<void>;
  history: Pick<History, 'ask' | 'notices'>;
  /** What is wrong with keeping pictures, in sentences. */
  keepProblems(): string[];
  hub(): Pick<HubState, 'mqtt' | 'sourcesOnline' | 'sourcesFailed'>;
  /** The safe mode that the hub is in. */
  safeMode(): SafeMode | null;
  /** Where helper programs were found; undefined: missing. */
  programs(): Record<'ffmpeg' | 'browser', string | undefined>;
}

/** Answers for a hub; it starts as not ready. */
export class Readiness implements Disposable {
  readonly #parts: ReadinessParts;
  #phase: 'starting' | 'running' | 'stopping' = 'starting';

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** Everything is started, the sources included. */
  started(): void {
    this.#phase = 'running';
  }

  /** The stop begins: nothing new should come. */
  [Symbol.dispose](): void {
    this.#phase = 'stopping';
  }

  /** Every part. What the hub is of use without – MQTT, helper programs – is named but always counts as ready. */
  async read(): Promise<PartStatus[]> {
    const { history, keepProblems, hub, programs } = this.#parts;
    const { mqtt } = hub();
    const { ffmpeg, browser } = programs();
    const keeping = keepProblems();
    return [
      { part: 'stages', isReady: this.#phase !== 'stopping', reason: STAGES[this.#phase] },
      this.#sources(),
      await checked('settings', 'Can be written', () => this.#parts.checkFolder()),
      await checked('history', ['Answers', ...history.notices].join('. '), () => history.ask()),
      { part: 'captures', isReady: keeping.length === 0, reason: keeping.join(' ') || 'Can be kept' },
      { part: 'mqtt', isReady: true, reason: `${mqtt.status}: ${mqtt.reason}` },
      { part: 'ffmpeg', isReady: true, reason: ffmpeg ?? 'Missing: cameras by RTSP give no pictures' },
      { part: 'browser', isReady: true, reason: browser ?? 'Missing: websites give no pictures' },
    ];
  }

  #sources(): PartStatus {
    const part = 'sources';
    const isReady = this.#phase === 'running';
    if (this.#phase === 'starting')
      return { part, isReady, reason: 'Not looked at yet: the hub is starting' };
    const mode = this.#parts.safeMode();
    if (mode) return { part, isReady: false, reason: `Safe mode: ${mode.reason}` };
    const { sourcesOnline, sourcesFailed } = this.#parts.hub();
    return { part, isReady, reason: `${sourcesOnline} online, ${sourcesFailed} failed` };
  }
}

const STAGES = { starting: 'Running', running: 'Running', stopping: 'The hub is stopping' } as const;

async function checked(part: string, reason: string, check: () => Promise<void>): Promise<PartStatus> {
  try {
    await check();
    return { part, isReady: true, reason };
  } catch (thrown) {
    return { part, isReady: false, reason: sentenceOf(thrown) };
  }
}
