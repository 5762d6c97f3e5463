/** Turns what FFmpeg printed into one of our errors, with a sentence that says what to do. */
import type { ChildEnd } from './child.ts';
import { type ErrorCode, GlimpserError } from './errors.ts';

type Sign = readonly [shape: RegExp, code: ErrorCode, sentence: string];

/** Only the last words explain an end; what was wrong an hour ago does not. */
const LAST_WORDS = 12;

const SIGNS: readonly Sign[] = [
  [
    /\b401 Unauthorized|authorization failed/i,
    'source-refused-login',
    'refused the user name or password. Correct them; many devices lock after several wrong tries.',
  ],
  [
    /\b403 Forbidden|access denied/i,
    'source-refused-login',
    'does not let this user see the pictures (403). Use another user, or allow it on the device.',
  ],
  [
    /\b404 (Stream )?Not Found/i,
    'source-unreachable',
    'answers, but has no stream at this path. Look up the path in its manual.',
  ],
  [
    /Connection refused/i,
    'source-unreachable',
    'refuses the connection. Check the port, and that RTSP is switched on.',
  ],
  [
    /No route to host|Network is unreachable|Host is unreachable|Host is down/i,
    'source-unreachable',
    'cannot be reached over the network. Check address, cable and Wi-Fi.',
  ],
  [
    /Failed to resolve|Name or service not known|name resolution|nodename nor servname/i,
    'source-unreachable',
    'has a name that leads nowhere. Check the spelling, or use its IP address.',
  ],
  [
    /\b461\b|Unsupported transport|Nonmatching transport/i,
    'source-broken',
    'does not speak this transport. Choose the other one, TCP or UDP.',
  ],
  [
    /Server returned 5XX|\b50\d (Internal|Service|Server)|\b453 /i,
    'source-broken',
    'answers that it cannot serve the stream now. It may have too many viewers; restart it if this goes on.',
  ],
  [
    /\b400 Bad Request|\b45\d /i,
    'source-broken',
    'refuses the request for its stream. Check the path of its address.',
  ],
  [
    /Protocol .* not on whitelist|Protocol not found/i,
    'source-broken',
    'leads to a protocol that is never opened. Use its direct address.',
  ],
  [
    /certificate|TLS (error|fatal|handshake)|\[tls @/i,
    'source-unreachable',
    'could not agree on encryption. Use rtsp:// instead of rtsps://, or update the device.',
  ],
  [
    /matches no streams|does not contain any stream|no video|Unsupported codec|Decoder .* not found/i,
    'source-broken',
    'sends no video that can be read. Choose H.264, H.265 or MJPEG in its settings.',
  ],
  [
    /No space left on device|Cannot allocate memory|Resource temporarily unavailable|Too many open files/i,
    'program-failed',
    'could not be read, because FFmpeg has run out of memory, disk or files. Free some, or choose a smaller picture or the second stream of the camera.',
  ],
  [
    /Unrecognized option|Option .* not found|No such filter|Unknown (encoder|decoder|input format)|Filter not found/i,
    'program-failed',
    'could not be read, because this FFmpeg lacks a part. Install the full FFmpeg of your system.',
  ],
  [
    /(Connection|Operation) timed out|ETIMEDOUT/i,
    'source-unreachable',
    'does not answer in time. Check address, power and network.',
  ],
];

/** What may follow a better explanation, and is used only without one. */
const VAGUE_SIGNS: readonly Sign[] = [
  [
    /Server returned 4XX/i,
    'source-broken',
    'refuses the request for its stream. Check the path of its address.',
  ],
  [
    /Invalid data found|Could not find codec parameters|Output file is empty/i,
    'source-broken',
    'sends no video that can be read. Check the path of its address.',
  ],
  [
    /End of file|Input\/output error|Broken pipe|Connection reset/i,
    'source-ended',
    'closed the connection. Check its address; restart it if this goes on.',
  ],
];

/** Lines that every run prints and that help nobody. */
export function isChatter(line: string): boolean {
  return /deprecated pixel format used|Last message repeated|Using AVStream|Guessed Channel Layout/.test(
    line,
  );
}

/** True for what FFmpeg prints when it throws away pictures that nobody took in time; it does not say how many. */
export function isOverflow(line: string): boolean {
  return line.includes('FIFO queue full');
}

/** True for what FFmpeg prints when memory is refused to it. Damaged streams bring single such lines, too. */
export function isOutOfMemory(line: string): boolean {
  return /Cannot allocate memory|get_buffer\(\) failed|bad_alloc/.test(line);
}

/** The error for a run that gets no more memory. */
export function outOfMemory(name: string): GlimpserError {
  return new GlimpserError(
    'program-failed',
    `${name}: FFmpeg was ended because it wanted more memory than it may have. Choose a smaller picture or the second stream of the camera.`,
  );
}

/** How a run ended. */
export interface FfmpegRunEnd {
  end: ChildEnd;
  /** Oldest first. */
  lines: readonly string[];
  hadPictures: boolean;
}

/** The error for a run of FFmpeg that ended without being asked to. `name` starts the sentence. */
export function ffmpegFailure(name: string, { end, lines, hadPictures }: FfmpegRunEnd): GlimpserError {
  const words = lines.filter(line => !isChatter(line)).slice(-LAST_WORDS);
  const extras = { cause: new Error(words.slice(-5).join('\n') || 'FFmpeg printed nothing') };
  if (end.signal !== null) return new GlimpserError('program-failed', killed(name, end.signal), extras);
  // An input that is refused memory seems to have ended in order.
  if (end.code === 0 && isOutOfMemory(words.at(-1) ?? '')) return outOfMemory(name);
  const sign = lastSign(words, SIGNS) ?? lastSign(words, VAGUE_SIGNS);
  const isEnd = end.code === 0 || !sign;
  if (hadPictures && isEnd) return new GlimpserError('source-ended', `${name} ended the stream.`, extras);
  if (sign) return new GlimpserError(sign[1], `${name} ${sign[2]}`, extras);
  const last = words.findLast(line => /\[(error|fatal|panic)\]/.test(line));
  return new GlimpserError('source-broken', `${name} gave no picture${said(last)}`, extras);
}

function lastSign(words: readonly string[], signs: readonly Sign[]): Sign | undefined {
  for (const line of words.toReversed()) {
    const sign = signs.find(([shape]) => shape.test(line));
    if (sign) return sign;
  }
  return undefined;
}

function said(line: string | undefined): string {
  return line === undefined ? '.' : `: ${line.replace(/^(\[[^\]]*\]\s*)+/, '')}.`;
}

function killed(name: string, signal: string): string {
  return `${name}: FFmpeg was ended from outside by ${signal}. If this repeats, check the memory of this machine, or choose a smaller picture.`;
}
