/** Players in a process of their own: all play one stream over TCP, others come and go. Prints JSON each second. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Login } from '#server/base/http-challenge.ts';
import { nalReaderOf } from '#server/base/rtp/nal.ts';
import { readRtp } from '#server/base/rtp/packet.ts';
import { RtspCaller, sessionId } from '#test/peers/rtsp-caller.ts';

const [url = '', count = '0', joins = '0', seconds = '0', username = '', password = ''] =
  process.argv.slice(2);
const login: Login | undefined = username === '' ? undefined : { username, password };
const readNals = nalReaderOf('H264');
const callers: RtspCaller[] = [];
const firstMs: number[] = [];

/** Plays; resolves when the first picture is whole. */
async function join(): Promise<{ caller: RtspCaller; tookMs: number }> {
  const beganMs = performance.now();
  const caller = await RtspCaller.open(Number(new URL(url).port));
  const seen = Promise.withResolvers<number>();
  let hasKey = false;
  caller.onPacket = (channel, packet) => {
    const head = channel === 0 ? readRtp(packet) : undefined;
    hasKey ||= readNals?.(head?.payload ?? Buffer.alloc(0)).some(({ role }) => role === 'key') ?? false;
    if (hasKey && head?.isLast) {
      caller.onPacket = undefined;
      seen.resolve(performance.now() - beganMs);
    }
  };
  const asked = await caller.say('DESCRIBE', url);
  const { body, headers } = asked.status === 401 ? await caller.must('DESCRIBE', url, { login }) : asked;
  const [control = ''] = [...body.matchAll(/a=control:(.*)\r/g)].map(found => found[1] ?? '').slice(-1);
  const track = control.startsWith('rtsp:') ? control : `${headers['content-base'] ?? `${url}/`}${control}`;
  const Transport = 'RTP/AVP/TCP;unicast;interleaved=0-1';
  const Session = sessionId(await caller.must('SETUP', track, { login, headers: { Transport } }));
  await caller.must('PLAY', url, { login, headers: { Session } });
  return { caller, tookMs: await seen.promise };
}

setInterval(() => {
  const sums = { packets: 0, lost: 0, bytes: 0 };
  for (const caller of callers) {
    const received = caller.on(0);
    sums.packets += received.packets;
    sums.lost += received.lost;
    sums.bytes += received.bytes;
    received.times.length = 0;
    caller.on(1).payloads.length = 0;
  }
  process.stdout.write(`${JSON.stringify({ ...sums, playing: callers.length, firstMs })}\n`);
}, 1000);

const all = await Promise.all(Array.from({ length: Number(count) }, join));
callers.push(...all.map(({ caller }) => caller));
await delay((Number(seconds) + 3) * 1000);
for (let i = 0; i < Number(joins); i++) {
  const { caller, tookMs } = await join();
  firstMs.push(tookMs);
  caller[Symbol.dispose]();
  // Not in step with the groups of pictures.
  await delay(170);
}
