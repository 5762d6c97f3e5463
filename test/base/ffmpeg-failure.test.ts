import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '#server/base/errors.ts';
import { ffmpegFailure, isChatter } from '#server/base/ffmpeg-failure.ts';

const failed = { code: 1, signal: null, wasStopped: false };
const explain = (lines: string[], over: object = {}) =>
  ffmpegFailure('Front door', { end: failed, lines, hadPictures: false, ...over });

/** What FFmpeg 4.4 to 8.0 prints, and what it means. */
const CASES: ReadonlyArray<readonly [lines: string[], code: ErrorCode, sentence: RegExp]> = [
  [
    [
      '[rtsp @ 0x1] [error] method DESCRIBE failed: 401 Unauthorized',
      '[error] rtsp://***@cam/x: Server returned 401 Unauthorized (authorization failed)',
    ],
    'source-refused-login',
    /refused the user name or password/,
  ],
  [
    ['[error] rtsp://cam/x: Server returned 403 Forbidden (access denied)'],
    'source-refused-login',
    /does not let this user/,
  ],
  [
    [
      '[rtsp @ 0x1] [error] method DESCRIBE failed: 404 Not Found',
      '[error] rtsp://cam/x: Server returned 404 Not Found',
    ],
    'source-unreachable',
    /no stream at this path/,
  ],
  [['[rtsp @ 0x1] [error] method DESCRIBE failed: 404 Stream Not Found'], 'source-unreachable', /path/],
  [
    [
      '[tcp @ 0x1] [error] Connection to tcp://10.0.0.9:554?timeout=10000000 failed: Connection refused',
      '[error] rtsp://cam/x: Connection refused',
    ],
    'source-unreachable',
    /refuses the connection/,
  ],
  [['[error] rtsp://cam/x: No route to host'], 'source-unreachable', /over the network/],
  [['[error] rtsp://cam/x: Network is unreachable'], 'source-unreachable', /over the network/],
  [['[error] rtsp://cam/x: Connection timed out'], 'source-unreachable', /in time/],
  [
    [
      '[tcp @ 0x1] [error] Failed to resolve hostname cam.invalid: Name or service not known',
      '[error] rtsp://cam.invalid/x: Input/output error',
    ],
    'source-unreachable',
    /leads nowhere/,
  ],
  [
    [
      '[rtsp @ 0x1] [error] method SETUP failed: 461 Unsupported transport',
      '[error] rtsp://cam/x: Server returned 4XX Client Error, but not one of 40{0,1,3,4}',
    ],
    'source-broken',
    /TCP or UDP/,
  ],
  [['[rtsp @ 0x1] [error] Nonmatching transport in server reply'], 'source-broken', /TCP or UDP/],
  [['[error] rtsp://cam/x: Server returned 5XX Server Error reply'], 'source-broken', /too many viewers/],
  [['[error] rtsp://cam/x: Server returned 400 Bad Request'], 'source-broken', /refuses the request/],
  [["[http @ 0x1] [error] Protocol 'http' not on whitelist 'rtsp,tcp'!"], 'source-broken', /never opened/],
  [
    ["[fatal] Stream specifier ':v:0' in filtergraph description [0:v:0]null[out0] matches no streams."],
    'source-broken',
    /no video/,
  ],
  [['[error] rtsp://cam/x: Invalid data found when processing input'], 'source-broken', /no video/],
  [['[error] rtsp://cam/x: End of file'], 'source-ended', /closed the connection/],
  [['[error] pipe:3: Cannot allocate memory'], 'program-failed', /out of memory/],
  [['[fatal] Unrecognized option "fps_mode".'], 'program-failed', /lacks a part/],
  [["[error] No such filter: 'drawtext'"], 'program-failed', /lacks a part/],
  [['[tls @ 0x1] [error] The certificate is not trusted'], 'source-unreachable', /encryption/],
];
for (const [lines, code, sentence] of CASES) {
  test(`${code}: ${lines.at(-1)}`, () => {
    const error = explain(lines);
    assert.equal(error.code, code);
    assert.match(error.message, sentence);
    assert.match(error.message, /^Front door /);
  });
}

test('the last explanation counts, and a vague one only without a better', () => {
  const refused = '[error] rtsp://cam/x: Connection refused';
  const invalid = '[error] rtsp://cam/x: Invalid data found when processing input';
  assert.equal(explain([refused, '[error] x: Server returned 404 Not Found']).message.includes('path'), true);
  assert.equal(explain([refused, invalid]).code, 'source-unreachable');
});

test('what was wrong long ago does not explain an end now', () => {
  const old = '[error] method DESCRIBE failed: 401 Unauthorized';
  const since = Array.from({ length: 20 }, (_, i) => `[h264 @ 0x1] [error] error while decoding MB ${i}`);
  assert.equal(explain([old, ...since], { hadPictures: true }).code, 'source-ended');
});

test('an end without a word is an end, or no picture', () => {
  const end = { ...failed, code: 0 };
  assert.equal(explain([], { end, hadPictures: true }).code, 'source-ended');
  assert.match(explain([], { end }).message, /gave no picture\.$/);
  assert.match(explain(['[h264 @ 0x1] [error] sps missing']).message, /gave no picture: sps missing\.$/);
});

test('an FFmpeg that was ended from outside is not blamed on the source', () => {
  const error = explain([], { end: { code: null, signal: 'SIGKILL', wasStopped: false } });
  assert.equal(error.code, 'program-failed');
  assert.match(error.message, /SIGKILL/);
});

test('the last words travel as the cause, and chatter is known', () => {
  const chatter = '[swscaler @ 0x1] [warning] deprecated pixel format used, make sure you did set range';
  assert.ok(isChatter(chatter));
  assert.ok(!isChatter('[error] Connection refused'));
  const { cause } = explain(['[error] one', chatter, '[error] two']);
  assert.equal((cause as Error).message, '[error] one\n[error] two');
});
