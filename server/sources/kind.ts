/** The contract of a source kind: one file, one default export; the file's name is the id of the kind. */
import type { z } from 'zod';
import type { Browser } from '#base/browser.ts';
import type { Clock } from '#base/clock.ts';
import type { Egress } from '#base/egress.ts';
import type { Ffmpeg } from '#base/ffmpeg.ts';
import type { Decoding } from '#base/hardware-choice.ts';
import type { Inlet } from '#base/inlet.ts';
import type { Wanted } from '#base/interest.ts';
import type { Log } from '#base/log.ts';
import type { YtDlp } from '#base/yt-dlp.ts';
import type { Picture } from '#model/frame.ts';
import type { PtzControl } from '#model/ptz.ts';
import type { Trigger } from '#model/state.ts';

/** What a kind is given for one run. */
export interface SourceContext {
  sourceId: string;
  /** The source's name, for sentences. */
  name: string;
  /** Ends the run; every wait and every child process listens to it. */
  signal: AbortSignal;
  /** Shortest time between two pictures in milliseconds; 0: as fast as the options say. */
  everyMs: number;
  /** True when one picture is wanted: the kind may end after the first. */
  isSingle: boolean;
  clock: Clock;
  log: Log;
  egress: Egress;
  ffmpeg: Ffmpeg;
  ytDlp: YtDlp;
  browser: Browser;
  /** Where files lie that may be shown; it may be missing. */
  mediaFolder: string;
  pictures: OtherPictures;
  /** What decodes its pictures. */
  hardware: Decoding;
  /** Pictures that others send to a source, the newest only, until the signal fires. */
  posted(sourceId: string, signal: AbortSignal): AsyncIterable<Picture>;
  /** Whether somebody looks at pictures now: more than stills are made only for eyes. */
  looking: Wanted;
  /** Where the coded stream is handed over; undefined when only a picture is wanted. */
  inlet: Inlet | undefined;
  /** Says that the source lives, when something came that is no picture. */
  alive(): void;
  /** Tells what the coded stream carries. */
  measured(figures: { fps: number; bitsPerSecond: number }): void;
  /** Tells that a picture was left out because this machine was too slow for it. */
  dropped(): void;
  /** Adds a line to the source's own log, which the UI shows. Credentials are redacted. */
  note(line: string): void;
  /** Told what the source calls itself, such as the model of a camera; unset when nobody asks for a name. */
  named?: (name: string) => void;
  /** Tells what the source noticed itself: at the first word on it, and at each change. */
  trigger(name: Trigger, isOn: boolean): void;
}

/** What a kind is given to move a camera with. */
export type PtzContext = Pick<SourceContext, 'name' | 'clock' | 'egress'>;

/** What a source may see of the others: only of those that there are now. */
export interface OtherPictures {
  /** `isHidden`: its pictures may not be shown by this source. `trouble`: why they are old; empty when all is well. */
  find(sourceId: string): { name: string; kind: string; isHidden: boolean; trouble: string } | undefined;
  /** Its newest picture, if any came. */
  latest(sourceId: string): Picture | undefined;
  /** Calls back for every new picture, and when it fails, stops, changes or goes, until disposed. */
  listen(sourceId: string, call: () => void): Disposable;
  /** Counts as a viewer of it until disposed, so that more than stills come. */
  look(sourceId: string): Disposable;
}

/**
 * A kind of source.
 *
 * Every option has a title for forms and a description, as `.describe('…').meta({ title: '…' })`; a secret carries
 * `secret: true` beside its title, what is picked from a list `picks: 'sources'` or `picks: 'devices'`. `frames` yields pictures until the
 * signal fires or the source fails; it throws a GlimpserError that says what failed and what to do. It never
 * retries: watching retries. Ending without an error means that the source ended by itself.
 *
 * @example
 * export default defineKind({ title: 'HTTP still', …, async *frames(options, context) { yield picture; } });
 */
export interface SourceKind<Options extends z.ZodObject = z.ZodObject> {
  title: string;
  description: string;
  /** Cameras and websites are announced as different devices. */
  family: 'camera' | 'website';
  /** `stream`: one connection gives many pictures. `single`: every picture is a job of its own. */
  manner: 'stream' | 'single';
  /** True when it gives a coded stream too, which is handed on without decoding. */
  hasVideo: boolean;
  /** Unset: 20 s without a picture are a failure. True: silence is none, however long. */
  isPatient?: true;
  /** True when others send its pictures. */
  isPosted?: true;
  /** Longest wait for the first picture of a stream, where 20 s are too short. */
  firstMs?: number;
  /** The schedule of a new source. */
  schedule: string;
  options: Options;
  frames(options: z.output<Options>, context: SourceContext): AsyncIterable<Picture>;
  /** For kinds whose cameras may be moved; connects when it is first asked something. */
  ptz?(options: z.output<Options>, context: PtzContext): PtzControl;
}

/** Ties the type of `options` to `frames`; adds nothing. */
export function defineKind<Options extends z.ZodObject>(kind: SourceKind<Options>): SourceKind<Options> {
  return kind;
}
