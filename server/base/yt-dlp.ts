/** yt-dlp: finds the video behind the page of a video site. Its arguments are ours alone, and so is its way out. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ChildOptions, startChild } from './child.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Egress, EgressRules } from './egress.ts';
import { GlimpserError } from './errors.ts';
import { findProgram } from './ffmpeg.ts';
import { readVideo, type Video, ytDlpFailure } from './yt-dlp-answer.ts';

const LOOK_MS = 60_000;
const HELP_MS = 30_000;
/** What every version that is taken knows. */
const NEEDED = [
  ...['--ignore-config', '--no-exec', '--no-playlist', '--no-cache-dir'],
  ...['--print', '--proxy', '--batch-file'],
];
const OLDEST = '2021.12.01';
/** Asked for where it is known; older versions find no plugins in the empty home that they are given. */
const NO_PLUGINS = '--no-plugin-dirs';

/** What is looked for. */
export interface VideoSearch {
  /** A page of a video site. */
  url: string;
  /** Height in pixels that the video should not exceed. */
  height: number;
  /** For sentences. */
  name: string;
  egress: Egress;
  rules: EgressRules;
  signal: AbortSignal;
  clock: Clock;
  note(line: string): void;
  onStart?: ChildOptions['onStart'];
}

/** A usable or missing yt-dlp. */
export interface YtDlp {
  /** Where it was found; undefined when it is missing. */
  readonly path: string | undefined;
  /** Finds the video of a page. Throws `yt-dlp-missing`, or what the site says in our words. */
  find(search: VideoSearch): Promise<Video>;
}

/** Looks for the program once, at start; it is not started yet. */
export async function findYtDlp(
  explicitPath?: string,
  searchPath = process.env['PATH'] ?? '',
): Promise<YtDlp> {
  const path = await findProgram(explicitPath ?? 'yt-dlp', searchPath);
  let known: Promise<Set<string>> | undefined;
  return {
    path,
    async find(search) {
      if (!path) throw missing(explicitPath);
      known ??= optionsOf(path);
      const options = await known.catch((thrown: unknown) => {
        known = undefined;
        throw thrown;
      });
      return look(path, options, search);
    },
  };
}

/** The fixed arguments. The address comes by stdin: every user of the machine can read arguments, and a login in them. */
export function ytDlpArguments(
  { height }: Pick<VideoSearch, 'height'>,
  proxyUrl: string,
  options: ReadonlySet<string>,
): string[] {
  const fit = `[height<=?${height}][protocol!*=dash]`;
  return [
    ...['--ignore-config', '--no-exec', ...(options.has(NO_PLUGINS) ? [NO_PLUGINS] : [])],
    ...['--no-playlist', '--no-cache-dir', '--no-warnings', '--proxy', proxyUrl, '--socket-timeout', '15'],
    ...['--print', '%(is_live)j', '--print', '%(http_headers)j', '-g'],
    ...['-f', `b[vcodec^=avc1]${fit}/b${fit}/bv*${fit}/b[protocol!*=dash]/b`, '--batch-file', '-'],
  ];
}

/** The long options that this version knows, by its own word. Throws `program-failed` for one that is too old. */
async function optionsOf(path: string): Promise<Set<string>> {
  const help = await run(path, ['--ignore-config', '--help'], HELP_MS);
  const options = new Set(help.out.match(/(?<=\s)--[a-z][a-z-]+/g));
  const lacking = NEEDED.filter(option => !options.has(option));
  if (lacking.length === 0) return options;
  throw new GlimpserError(
    'program-failed',
    `The yt-dlp at ${path} does not know ${lacking.join(', ')}. Install version ${OLDEST} or newer; sites change, so that the newest works best.`,
  );
}

async function look(path: string, options: ReadonlySet<string>, search: VideoSearch): Promise<Video> {
  const { name, egress, rules, signal, clock, note, url, onStart } = search;
  const target = await egress.check(url, rules, signal);
  await using proxy = await egress.openProxy(rules);
  const { out, lines, code, isLate } = await run(path, ytDlpArguments(search, proxy.url, options), LOOK_MS, {
    signal,
    clock,
    onLine: note,
    ...(onStart && { onStart }),
    said: `${target.url.href}\n`,
  });
  signal.throwIfAborted();
  if (isLate) {
    const sentence = `${name}: yt-dlp found no video within ${LOOK_MS / 1000} s. The site may be slow; it is tried again.`;
    throw new GlimpserError('timed-out', sentence);
  }
  if (proxy.refusal) {
    const sentence = `${name} leads to an address that may not be opened: ${proxy.refusal.message}`;
    throw new GlimpserError('address-refused', sentence, { cause: proxy.refusal });
  }
  const video = code === 0 ? readVideo(out, clock.now()) : undefined;
  if (video) return video;
  throw ytDlpFailure(name, lines);
}

interface Ran {
  out: string;
  lines: readonly string[];
  code: number | null;
  isLate: boolean;
}

/** A home of its own, empty: neither settings, plugins nor logins of this user count. */
async function run(
  path: string,
  args: readonly string[],
  limitMs: number,
  { said, ...options }: ChildOptions & { said?: string } = {},
): Promise<Ran> {
  const home = await mkdtemp(join(tmpdir(), 'glimpser-yt-dlp-'));
  try {
    const env = { HOME: home, XDG_CONFIG_HOME: home, PYTHONNOUSERSITE: '1', PYTHONDONTWRITEBYTECODE: '1' };
    await using child = startChild(path, args, { ...options, env, hasInput: said !== undefined });
    child.stdin?.end(said);
    let isLate = false;
    using _limit = (options.clock ?? systemClock).after(limitMs, () => {
      isLate = true;
      void child.stop();
    });
    const [out, { code }] = await Promise.all([text(child.stdout), child.exited]);
    return { out, lines: child.lastLines, code, isLate };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function missing(explicitPath: string | undefined): GlimpserError {
  const where = explicitPath ? `not at ${explicitPath} (YT_DLP_PATH)` : 'not installed';
  return new GlimpserError(
    'yt-dlp-missing',
    `yt-dlp is ${where}, so video sites do not work; everything else does. Install it, on Debian with: apt-get install yt-dlp. Then restart the hub.`,
  );
}
