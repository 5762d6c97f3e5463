/** Asks a port what its web server is, and whether it shows a picture at one of the usual addresses without a login. */
import type { Clock } from './clock.ts';
import type { Egress } from './egress.ts';
import type { EgressResponse } from './egress-fetch.ts';
import { hostPort } from './egress-url.ts';
import { readChallenges } from './http-challenge.ts';

/** What a web server answered. */
export interface WebFound {
  /** Title of its page, its realm, or what its server is called: whatever tells most. */
  name: string;
  /** The address of a picture, and how it comes; undefined when none was found. */
  picture: { url: string; sort: 'still' | 'mjpeg'; needsLogin: boolean } | undefined;
}

/** Who asks. */
export interface WebProber {
  egress: Pick<Egress, 'fetch'>;
  clock: Clock;
  signal: AbortSignal;
}

const PATHS = [
  '/snapshot.jpg',
  '/axis-cgi/jpg/image.cgi',
  '/cgi-bin/snapshot.cgi',
  '/image.jpg',
  '/shot.jpg',
  '/snap.jpg',
  '/tmpfs/auto.jpg',
  '/ISAPI/Streaming/channels/101/picture',
  '/mjpg/video.mjpg',
  '/video',
  '/stream',
];
const WAIT_MS = 4000;
const PAGE_BYTES = 32_768;
/** Routers and printers ask for a login too. */
const CAMERA_WORDS =
  /cam(era)?\b|ipcam|ip.?camera|netwave|dvr|nvr|axis|hikvision|dahua|reolink|foscam|vivotek|amcrest|webcam|video/i;

interface Answer {
  status: number;
  type: string;
  realm: string;
  server: string;
  text: string;
}

/** Undefined when it is no web server. */
export async function probeWeb(host: string, port: number, who: WebProber): Promise<WebFound | undefined> {
  const base = `http://${hostPort(host, port)}`;
  const home = await ask(`${base}/`, who);
  if (!home) return undefined;
  const name = titleOf(home.text) || home.realm || home.server;
  const isCamera = CAMERA_WORDS.test(`${name} ${home.realm} ${home.server}`);
  let guarded: WebFound['picture'];
  for (const path of PATHS) {
    const url = base + path;
    const answer = await ask(url, who);
    const sort = answer && sortOf(answer);
    if (sort) return { name, picture: { url, sort, needsLogin: false } };
    if (answer?.status !== 401) continue;
    guarded ??= { url, sort: 'still', needsLogin: true };
    // Whoever asks for a login on every path would see a try in each of them.
    if (home.status === 401) break;
  }
  return { name, picture: isCamera ? guarded : undefined };
}

function sortOf({ status, type }: Answer): 'still' | 'mjpeg' | undefined {
  if (status !== 200) return undefined;
  if (/^multipart\/x-mixed-replace/i.test(type)) return 'mjpeg';
  return /^image\/(jpeg|jpg|png|webp)/i.test(type) ? 'still' : undefined;
}

/** Undefined when it does not answer as HTTP does. */
async function ask(url: string, { egress, clock, signal }: WebProber): Promise<Answer | undefined> {
  const late = new AbortController();
  using _limit = clock.after(WAIT_MS, () => late.abort());
  try {
    const response = await egress.fetch(url, {
      rules: { protocols: ['http'], reach: 'lan' },
      signal: AbortSignal.any([signal, late.signal]),
      maxRedirects: 0,
      headersMs: WAIT_MS,
    });
    return await read(response);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function read({ status, headers, body }: EgressResponse): Promise<Answer> {
  const type = headers['content-type'] ?? '';
  const realm = readChallenges(headers['www-authenticate'])[0]?.fields['realm'] ?? '';
  const text = /^text\/html/i.test(type) ? await startOf(body) : '';
  body.destroy();
  return { status, type, realm: realm.slice(0, 80), server: String(headers.server ?? '').slice(0, 80), text };
}

async function startOf(body: EgressResponse['body']): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += (chunk as Buffer).toString('utf8');
    if (text.length >= PAGE_BYTES) break;
  }
  return text;
}

function titleOf(page: string): string {
  const [, title = ''] = /<title[^>]*>([^<]{1,200})/i.exec(page) ?? [];
  return title.replace(/\s+/g, ' ').trim().slice(0, 80);
}
