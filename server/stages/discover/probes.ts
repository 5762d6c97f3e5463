/** What is asked of one port: each probe turns what a stranger says into a finding, or into nothing. */
import type { Clock } from '#base/clock.ts';
import type { Egress } from '#base/egress.ts';
import { hostPort } from '#base/egress-url.ts';
import { probeOnvif } from '#base/onvif-probe.ts';
import { probeRtsp } from '#base/rtsp-probe.ts';
import { probeWeb } from '#base/web-probe.ts';
import type { Finding } from './found-book.ts';

/** Who asks. */
export interface Prober {
  egress: Egress;
  clock: Clock;
  signal: AbortSignal;
}

/** A probe of one port; undefined when there is nothing of its sort. */
export type Probe = (address: string, port: number, who: Prober) => Promise<Finding | undefined>;

/** The probes of ports by what is expected there. */
export const PROBES = {
  async rtsp(address, port, who) {
    const found = await probeRtsp(address, port, who);
    if (!found?.url) return undefined;
    const way = { kind: 'rtsp', options: { url: found.url }, needsLogin: found.needsLogin };
    return { address, by: 'rtsp', way };
  },
  async http(address, port, who) {
    const found = await probeWeb(address, port, who);
    if (!found?.picture) return undefined;
    const { url, sort, needsLogin } = found.picture;
    const way = { kind: sort === 'still' ? 'image' : 'mjpeg', options: { url }, needsLogin };
    return { address, by: 'http', name: found.name, way };
  },
  onvif: (address, port, who) =>
    onvifAt(address, `http://${hostPort(address, port)}/onvif/device_service`, who),
} satisfies Record<string, Probe>;

/** The finding at the address of a device service. */
export async function onvifAt(
  address: string,
  url: string,
  { egress, clock, signal }: Prober,
): Promise<Finding | undefined> {
  const found = await probeOnvif(url, { egress, clock }, signal);
  if (!found) return undefined;
  const { maker, model, needsLogin } = found;
  const way = { kind: 'onvif', options: { address: writtenAddress(url) }, needsLogin };
  return { address, by: 'onvif', maker, model, way };
}

/** As short as a person would write it. */
function writtenAddress(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== 'http:' || pathname !== '/onvif/device_service') return url;
  return port === '' ? hostname : `${hostname}:${port}`;
}
