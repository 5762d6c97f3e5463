/** The one family of errors: a stable code, a sentence that says what failed and what to do, the cause kept. */

/** Every code with its HTTP status and title. A house test checks that each is explained in DOCS.md. */
export const ERROR_CODES = {
  'config-invalid': { status: 500, title: 'The configuration is wrong' },
  'settings-invalid': { status: 422, title: 'The settings are wrong' },
  'body-invalid': { status: 422, title: 'The request holds a wrong value' },
  'kind-unknown': { status: 422, title: 'There is no such kind' },
  'url-refused': { status: 422, title: 'This address may not be opened' },
  'address-refused': { status: 422, title: 'This network address may not be reached' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-refused': { status: 405, title: 'This address does not take that method' },
  conflict: { status: 409, title: 'That is taken already' },
  'login-needed': { status: 401, title: 'Log in first' },
  'login-failed': { status: 401, title: 'Name or password is wrong' },
  'role-missing': { status: 403, title: 'Your role does not allow this' },
  'origin-refused': { status: 403, title: 'The request came from another site' },
  'setup-done': { status: 409, title: 'The hub is set up already' },
  'setup-token-wrong': { status: 403, title: 'The set-up link is wrong or used' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  'body-unreadable': { status: 400, title: 'The request could not be read' },
  'source-disabled': { status: 409, title: 'The source is switched off' },
  'source-unreachable': { status: 502, title: 'The source does not answer' },
  'source-refused-login': { status: 502, title: 'The source refused the user name or password' },
  'source-silent': { status: 504, title: 'The source sends no pictures' },
  'source-broken': { status: 502, title: 'The source sends something unusable' },
  'no-movie': { status: 406, title: 'The source sends no video that can be played as a movie' },
  'source-ended': { status: 502, title: 'The source stopped sending' },
  'picture-invalid': { status: 422, title: 'The picture is damaged' },
  'picture-too-large': { status: 413, title: 'The picture is too large' },
  'page-failed': { status: 502, title: 'The page could not be loaded' },
  'element-missing': { status: 502, title: 'The element is not on the page' },
  'ffmpeg-missing': { status: 503, title: 'FFmpeg is not installed' },
  'browser-missing': { status: 503, title: 'No browser is installed' },
  'browser-failed': { status: 503, title: 'The browser stopped working' },
  'yt-dlp-missing': { status: 503, title: 'yt-dlp is not installed' },
  'program-failed': { status: 500, title: 'A helper program failed' },
  'database-failed': { status: 503, title: 'The database cannot be used' },
  'disk-failed': { status: 507, title: 'The disk cannot be written' },
  'data-folder-busy': { status: 503, title: 'Another hub uses the data folder' },
  'port-in-use': { status: 503, title: 'The port is in use' },
  'broker-unreachable': { status: 503, title: 'The MQTT broker does not answer' },
  'broker-refused-topic': { status: 503, title: 'The MQTT broker does not let this user use a topic' },
  'broker-refused-login': { status: 503, title: 'The MQTT broker refused the user name or password' },
  'secret-unreadable': { status: 500, title: 'A stored secret cannot be read' },
  'not-ready': { status: 503, title: 'The hub is not ready' },
  'timed-out': { status: 504, title: 'It took too long' },
  internal: { status: 500, title: 'Something went wrong inside the hub' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A code of the table. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** One wrong field: where (`options.url`) and what to write instead. */
export interface FieldError {
  path: string;
  message: string;
}

/** What travels with an error besides code and sentence. */
export interface ErrorExtras {
  cause?: unknown;
  /** Per-field findings, for forms. */
  errors?: FieldError[];
  /** Milliseconds after which a further try makes sense. */
  retryAfterMs?: number;
}

/**
 * The only error that our code throws.
 * @example throw new GlimpserError('source-silent', 'Front door sent no picture for 20 s. Check the cable.');
 */
export class GlimpserError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, sentence: string, extras: ErrorExtras = {}) {
    super(sentence, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'GlimpserError';
    this.code = code;
    this.errors = extras.errors ?? [];
    this.retryAfterMs = extras.retryAfterMs;
  }
}

/** Passes ours on; wraps what a library threw, keeping it as the cause. */
export function asGlimpserError(
  thrown: unknown,
  code: ErrorCode = 'internal',
  sentence?: string,
): GlimpserError {
  if (thrown instanceof GlimpserError) return thrown;
  return new GlimpserError(code, sentence ?? sentenceOf(thrown), { cause: thrown });
}

/** The message of anything that can be thrown. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** True for the rejection that an aborted signal causes. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'ResponseAborted');
}
