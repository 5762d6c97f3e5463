/** Messages of RTSP 1.0 (RFC 2326): what a request and a response are, and how they are written. */

/** A message as it was read. Names of headers are in lower case; of one that comes twice the texts are joined. */
export interface RtspMessage {
  startLine: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** A request. */
export interface RtspRequest extends RtspMessage {
  method: string;
  url: string;
}

/** An answer; CSeq is added where it is sent. */
export interface RtspAnswer {
  status: RtspStatus;
  headers?: ReadonlyArray<readonly [name: string, value: string]>;
  body?: string;
  /** Called when the answer is on its way. */
  afterwards?: () => void;
}

const REASONS = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid In This State',
  459: 'Aggregate Operation Not Allowed',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
} as const;

/** A status that we answer with. */
export type RtspStatus = keyof typeof REASONS;

/** The request in a message; a status when it is none that can be answered otherwise, undefined for a response. */
export function asRequest(message: RtspMessage): RtspRequest | RtspStatus | undefined {
  if (message.startLine.startsWith('RTSP/')) return undefined;
  const [, method, url, version] =
    /^([A-Z_]{1,32}) (\S{1,2048}) RTSP\/(\d\.\d)$/.exec(message.startLine) ?? [];
  if (method === undefined || url === undefined) return 400;
  if (version !== '1.0') return 505;
  return /^\d{1,10}$/.test(message.headers['cseq'] ?? '') ? { ...message, method, url } : 400;
}

/** The bytes of an answer to the request with this CSeq. */
export function writeAnswer(
  cseq: string | undefined,
  { status, headers = [], body = '' }: RtspAnswer,
): string {
  const lines = [
    `RTSP/1.0 ${status} ${REASONS[status]}`,
    ...(cseq === undefined ? [] : [`CSeq: ${cseq}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Path and track of an RTSP address; queries are ignored. Undefined for what is no address. */
export function readTarget(url: string): { path: string; track: number | undefined } | undefined {
  const [, track] = /\/trackID=(\d{1,3})\/?$/i.exec(url) ?? [];
  const parsed = URL.parse(track === undefined ? url : url.replace(/\/trackID=\d+\/?$/i, ''));
  if (!parsed || !/^rtsps?:$/.test(parsed.protocol)) return undefined;
  try {
    const path = decodeURIComponent(parsed.pathname).replace(/^\/+|\/+$/g, '');
    return { path, track: track === undefined ? undefined : Number(track) };
  } catch {
    return undefined;
  }
}
