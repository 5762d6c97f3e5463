/** Asks a port whether it speaks RTSP, and which of the usual paths it opens; never logs in, never follows. */
import { hostPort } from './egress-url.ts';
import { askSocket, type Knocker, openSocket } from './knock.ts';

/** What an RTSP server answered. */
export interface RtspFound {
  /** As it calls itself. */
  server: string;
  /** An address that opened without a login, or the first that asked for one; undefined when none is known. */
  url: string | undefined;
  needsLogin: boolean;
}

/** Small streams first: what a picture needs. */
const PATHS = [
  '/',
  '/stream2',
  '/stream1',
  '/Streaming/Channels/102',
  '/cam/realmonitor?channel=1&subtype=1',
  '/h264Preview_01_sub',
  '/live',
  '/cam',
];
const HEAD = /^RTSP\/1\.0 (\d{3})[\s\S]*?\r?\n\r?\n/;
const WAIT_MS = 3000;

/** Undefined when it is no RTSP server. */
export async function probeRtsp(host: string, port: number, who: Knocker): Promise<RtspFound | undefined> {
  const base = `rtsp://${hostPort(host, port)}`;
  const hello = await ask(`${base}/`, 'OPTIONS', who);
  if (!hello) return undefined;
  const { server } = hello;
  for (const path of PATHS) {
    const url = base + path;
    const answer = await ask(url, 'DESCRIBE', who);
    if (answer?.status === 200) return { server, url, needsLogin: false };
    // Most ask before they look at the path, so that the other paths would tell no more.
    if (answer?.status === 401) return { server, url, needsLogin: true };
  }
  return { server, url: undefined, needsLogin: false };
}

async function ask(
  url: string,
  method: 'OPTIONS' | 'DESCRIBE',
  who: Knocker,
): Promise<{ status: number; server: string } | undefined> {
  const socket = await openSocket(url, 'rtsp', WAIT_MS, who);
  if (!socket) return undefined;
  try {
    const accept = method === 'DESCRIBE' ? 'Accept: application/sdp\r\n' : '';
    const request = `${method} ${url} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Glimpser\r\n${accept}\r\n`;
    const answer = await askSocket(socket, request, HEAD, WAIT_MS, who);
    const status = Number(HEAD.exec(answer ?? '')?.[1]);
    const server = /^Server:\s*(.{1,80})/im.exec(answer ?? '')?.[1]?.trim() ?? '';
    return status >= 100 ? { status, server } : undefined;
  } finally {
    socket.destroy();
  }
}
