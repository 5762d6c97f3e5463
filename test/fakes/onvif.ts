/** An ONVIF camera of the test, opened by our client through a guard that lets loopback through. */
import { systemClock } from '#server/base/clock.ts';
import { createEgress, type Egress } from '#server/base/egress.ts';
import { silentLog } from '#server/base/log.ts';
import { OnvifCamera } from '#server/base/onvif-camera.ts';
import { type OnvifCameraOptions, type OnvifCameraPeer, startOnvifCamera } from '#test/peers/onvif-camera.ts';

/** A guard that lets loopback through. */
export function loopbackEgress(): Egress {
  const policy = () => ({
    allowLoopback: true,
    websitesMayReachLan: true,
    exceptions: [],
    ownPorts: () => [],
  });
  return createEgress({ policy, clock: systemClock, log: silentLog });
}

/** How it is opened. */
export interface OpenOptions {
  login?: { username: string; password: string };
  address?: string;
  isOnlyAddress?: boolean;
}

/** A camera and what opens it; both end when disposed. */
export interface OnvifBench extends AsyncDisposable {
  peer: OnvifCameraPeer;
  open(options?: OpenOptions): Promise<OnvifCamera>;
  signal: AbortSignal;
  stop(): void;
}

/** Starts it. */
export async function onvifBench(options: OnvifCameraOptions = {}): Promise<OnvifBench> {
  const peer = await startOnvifCamera(options);
  const egress = loopbackEgress();
  const stopper = new AbortController();
  return {
    peer,
    signal: stopper.signal,
    stop: () => stopper.abort(),
    open({ login, address = peer.address, isOnlyAddress = false } = {}) {
      const client = { name: 'Door', egress, clock: systemClock, login, isCertificateChecked: true };
      return OnvifCamera.open(client, { address, isOnlyAddress }, stopper.signal);
    },
    async [Symbol.asyncDispose]() {
      stopper.abort();
      await egress[Symbol.asyncDispose]();
      await peer[Symbol.asyncDispose]();
    },
  };
}
