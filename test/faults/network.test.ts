/** Names and addresses that fail or change: cameras with IPv6 alone, names that are not known, cameras that move. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEgress } from '#server/base/egress.ts';
import type { Lookup } from '#server/base/egress-names.ts';
import { silentLog } from '#server/base/log.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { watchReal } from '#test/fakes/real-watch.ts';
import { until } from '#test/fakes/until.ts';
import { startMjpegCamera } from '#test/peers/mjpeg-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';
import { startStillCamera } from '#test/peers/still-camera.ts';
import { startTcpProxy } from '#test/peers/tcp-proxy.ts';

const POLICY = { allowLoopback: true, websitesMayReachLan: true, exceptions: [], ownPorts: () => [] };

/** Watches one camera by a resolver of the test, which answers for `camera.test`. */
async function watchBy(kind: string, url: string, lookup: Lookup) {
  const names = new FakeClock();
  const egress = createEgress({ policy: () => POLICY, clock: names, log: silentLog, lookup });
  const schedule = kind === 'image' ? '1s' : 'live';
  const watched = await watchReal([{ kind, schedule, options: { url } }], { egress });
  // Answers are remembered for ten seconds.
  return { ...watched, forgetNames: () => names.advance(10_000) };
}

interface Camera extends AsyncDisposable {
  url: string;
}

const CAMERAS: Array<[string, () => Promise<Camera>]> = [
  ['image', () => startStillCamera()],
  ['mjpeg', () => startMjpegCamera()],
  ['rtsp', () => startRtspCamera()],
];

/** The address of a camera at another host and port. */
function moved(camera: Camera, host: string, port: number): string {
  const { protocol, pathname, search } = new URL(camera.url);
  return `${protocol}//${host}:${port}${pathname}${search}`;
}

const portOf = (camera: Camera) => Number(new URL(camera.url).port);
const unasked: Lookup = () => assert.fail('no name is to be looked up');

// Most of it is waiting for the next try.
describe('names and addresses', { concurrency: true }, () => {
  for (const [id, start] of CAMERAS) {
    test(`${id}: a camera with IPv6 alone gives pictures, by its address and by its name`, async t => {
      await using camera = await start();
      const proxy = await startTcpProxy(portOf(camera), { host: '::1' }).catch(() => undefined);
      if (!proxy) return t.skip('this machine has no IPv6');
      await using _proxy = proxy;
      {
        await using watched = await watchBy(id, moved(camera, '[::1]', proxy.port), unasked);
        await watched.more();
      }
      const before = proxy.accepted;
      const lookup: Lookup = async () => [{ address: '::1', family: 6 }];
      await using watched = await watchBy(id, moved(camera, 'camera.test', proxy.port), lookup);
      await watched.more();
      assert.ok(proxy.accepted > before);
    });

    test(`${id}: a name that is not known is said, and found once it is; a camera that moved is found at its new address`, async () => {
      await using camera = await start();
      await using first = await startTcpProxy(portOf(camera));
      await using second = await startTcpProxy(portOf(camera), { host: '127.0.0.2', port: first.port });
      let answers: string[] = [];
      const lookup: Lookup = async () => {
        if (answers.length === 0)
          throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
        return answers.map(address => ({ address, family: 4 }));
      };
      await using watched = await watchBy(id, moved(camera, 'camera.test', first.port), lookup);
      await until('the failure is said', () => watched.failures().length > 0);
      assert.match(
        watched.failures()[0] ?? '',
        /“camera\.test” has no network address\. Check how it is spelled/,
      );
      answers = ['127.0.0.1'];
      await watched.more();
      assert.equal(second.accepted, 0);
      await first[Symbol.asyncDispose]();
      answers = ['127.0.0.2'];
      await watched.forgetNames();
      await until('the new address is asked', () => second.accepted > 0);
      await watched.more();
    });
  }
});
