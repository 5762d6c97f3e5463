/** Turns what FFmpeg printed into one of our errors, with a sentence that says what to do. */
import { type ErrorCode, GlimpserError } from './errors.ts';

const SIGNS: ReadonlyArray<readonly [RegExp, ErrorCode, string]> = [
  [
    /401 Unauthorized|403 Forbidden|authorization failed/i,
    'source-refused-login',
    'refused the user name or password. Correct them; cameras lock after several wrong tries.',
  ],
  [
    /404 (Stream )?Not Found/i,
    'source-unreachable',
    'answers, but has no stream at this path. Look up the path in the manual of the camera.',
  ],
  [
    /Connection refused/i,
    'source-unreachable',
    'refuses the connection. Check the port, and that RTSP is switched on.',
  ],
  [
    /No route to host|Network is unreachable|Host is unreachable/i,
    'source-unreachable',
    'cannot be reached over the network. Check address, cable and Wi-Fi.',
  ],
  [
    /timed out|ETIMEDOUT/i,
    'source-unreachable',
    'does not answer in time. Check address, power and network.',
  ],
  [
    /Failed to resolve|Name or service not known|Temporary failure in name resolution/i,
    'source-unreachable',
    'has a name that leads nowhere. Check the spelling, or use its IP address.',
  ],
  [/461 Unsupported/i, 'source-broken', 'does not speak this transport. Choose the other one, TCP or UDP.'],
  [
    /Invalid data found|Could not find codec parameters|does not contain any stream|matches no streams/i,
    'source-broken',
    'sends no video that can be read.',
  ],
];

/** The error for a run of FFmpeg that ended without being asked to. */
export function ffmpegFailure(name: string, lines: readonly string[], hadPictures: boolean): GlimpserError {
  const text = lines.join('\n');
  const sign = SIGNS.find(([shape]) => shape.test(text));
  const cause = new Error(lines.slice(-5).join('\n'));
  if (sign) return new GlimpserError(sign[1], `${name} ${sign[2]}`, { cause });
  const last = lines.findLast(line => line.startsWith('[error]') || line.startsWith('[fatal]'));
  if (hadPictures) return new GlimpserError('source-ended', `${name} ended the stream.`, { cause });
  return new GlimpserError(
    'source-broken',
    `${name} gave no picture${last ? `: ${last.replace(/^\[\w+\]\s*/, '')}` : '.'}`,
    { cause },
  );
}
