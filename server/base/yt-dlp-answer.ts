/** Reads what yt-dlp answers: the address of a video and how long it holds, or why there is none. */
import { type ErrorCode, GlimpserError } from './errors.ts';

/** Where a video is. */
export interface Video {
  url: string;
  /** What the site wants to be sent along. */
  headers: Record<string, string>;
  isLive: boolean;
  /** The address is a playlist (HLS). */
  isPlaylist: boolean;
  /** Epoch milliseconds after which the address is good no longer. */
  expiresAt: number;
}

const UNTOLD_MS = 3_600_000;
/** Others would open what is not theirs, or are FFmpeg's own business. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'user-agent',
  'referer',
  'origin',
  'accept',
  'accept-language',
]);

/** What was printed: JSON lines about it, then its address. Undefined when there is no address. */
export function readVideo(printed: string, now: number): Video | undefined {
  const lines = printed.split('\n').map(line => line.trim());
  const url = lines.find(line => /^https?:\/\/\S+$/.test(line));
  if (url === undefined) return undefined;
  return {
    url,
    headers: headersIn(lines),
    isLive: lines.includes('true'),
    isPlaylist: /\.m3u8(?=$|[?#/])|\/(api\/manifest\/hls|hls_playlist)/i.test(url),
    expiresAt: expiryOf(url, now),
  };
}

/** `expire=` in the query, or `/expire/` in the path as YouTube writes it, in seconds; an hour when it says nothing. */
export function expiryOf(url: string, now: number): number {
  const [, seconds] = /[?&/](?:expires?|exp|e)[=/](\d{10})(?=\D|$)/i.exec(url) ?? [];
  const at = Number(seconds) * 1000;
  return at > now ? at : now + UNTOLD_MS;
}

function headersIn(lines: readonly string[]): Record<string, string> {
  const line = lines.find(one => one.startsWith('{'));
  const given: unknown = line === undefined ? undefined : parsed(line);
  if (typeof given !== 'object' || given === null) return {};
  const taken = Object.entries(given).filter(
    ([name, value]) => PASSED_ON.has(name.toLowerCase()) && /^[\x20-\x7e]{1,500}$/.test(String(value)),
  );
  return Object.fromEntries(taken.map(([name, value]) => [name, String(value)]));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Sign = readonly [shape: RegExp, code: ErrorCode, sentence: string];

const SIGNS: readonly Sign[] = [
  [
    /HTTP Error 429|Too Many Requests|not a bot/i,
    'source-broken',
    'the site takes no more requests from here for now. Look less often, or wait a few hours.',
  ],
  [
    /Unsupported URL|is not a valid URL/i,
    'source-broken',
    'yt-dlp finds no video on this page. Give the address of a single video.',
  ],
  [
    /live event (will begin|has ended)|premieres? in|not currently live|is offline|is not live/i,
    'source-ended',
    'the live video has not begun or is over. It is tried again.',
  ],
  [
    /Private video|members-only|Sign in|login required|age.restricted|paywall|subscri/i,
    'source-refused-login',
    'the video is open only to people who log in, which is not possible here.',
  ],
  [
    /Video unavailable|has been removed|does not exist|HTTP Error 404|no longer available/i,
    'source-unreachable',
    'the video is not there any more. Correct its address.',
  ],
  [
    /not available (in|from) your (country|location)|geo.?restrict/i,
    'source-broken',
    'the site does not show this video in your country.',
  ],
  [
    /Requested format is not available|No video formats|DRM/i,
    'source-broken',
    'the site offers no video that can be read. A newer yt-dlp may help.',
  ],
  [
    /Unable to (extract|parse)|Failed to parse|nsig|update/i,
    'source-broken',
    'this yt-dlp does not understand the site any more. Install the newest version.',
  ],
  [
    /timed out|Connection (refused|reset)|Failed to resolve|Unable to (download|connect)|HTTP Error 5\d\d|Tunnel connection failed/i,
    'source-unreachable',
    'the site does not answer. It is tried again.',
  ],
];

/** The error for a search that found nothing. `name` starts the sentence. */
export function ytDlpFailure(name: string, lines: readonly string[]): GlimpserError {
  const errors = lines.filter(line => line.startsWith('ERROR'));
  const said = (errors.length > 0 ? errors : lines).slice(-5);
  const cause = new Error(said.join('\n') || 'yt-dlp printed nothing');
  const sign = SIGNS.find(([shape]) => said.some(line => shape.test(line)));
  if (sign) return new GlimpserError(sign[1], `${name}: ${sign[2]}`, { cause });
  const last = said
    .at(-1)
    ?.replace(/^ERROR:\s*/, '')
    .slice(0, 300);
  const words = last === undefined ? 'yt-dlp found no video.' : `yt-dlp found no video: ${last}`;
  return new GlimpserError('source-broken', `${name}: ${words}`, { cause });
}
