/** The HTTP door: accounts, the API, live pictures and the web app, on one port and one more for Home Assistant. */
import { isIPv6 } from 'node:net';
import { Teardown } from '#base/teardown.ts';
import { listenToJpeg } from '#doors/live/jpeg-frames.ts';
import { Live } from '#doors/live/live.ts';
import { createMjpegFanout } from '#doors/live/mjpeg.ts';
import { Placeholders } from '#doors/live/placeholder.ts';
import { stillOf } from '#doors/live/stills.ts';
import { Walls } from '#doors/live/walls.ts';
import { LiveSockets } from '#doors/live/websocket.ts';
import { Accounts } from './accounts/accounts.ts';
import { createIdentify } from './accounts/identify.ts';
import { createMediaTokens } from './accounts/media-token.ts';
import { Admission } from './admission.ts';
import { createApp } from './app.ts';
import { Ingress } from './ingress.ts';
import type { Inside } from './inside.ts';
import { type ListenerParts, openListener } from './listener.ts';
import { loadRoutes } from './load-routes.ts';
import { createMetrics } from './metrics.ts';
import type { HttpServices } from './services.ts';
import { shownSource } from './shown-source.ts';
import { Sight } from './sight.ts';
import { takeUpgrades } from './upgrade.ts';
import { Vigil } from './vigil.ts';

/** Where the door listens. */
export interface Listening {
  /** Address of the web app, with a slash at its end. */
  url: string;
  port: number;
  /** Every port that is ours. */
  ports: number[];
}

/** The door. */
export interface HttpDoor extends AsyncDisposable {
  /** For the link that creates the first account; null once there is one. */
  readonly setupToken: string | null;
  /** Throws `port-in-use`. */
  listen(): Promise<Listening>;
}

/** Makes the door; it is closed before `listen`. */
export async function createHttpDoor(given: HttpServices): Promise<HttpDoor> {
  const services = { ...given, log: given.log.part('http') };
  const teardown = new Teardown();
  const ingress = new Ingress(services.ingressPeer);
  const door = await openInside(services, ingress, teardown);
  const admission = new Admission(door.identify, services);
  const sockets = new LiveSockets(door.live, services.clock);
  teardown.use('websockets', sockets);
  const common = {
    host: services.config.HOST,
    serve: createApp(door, admission),
    upgrade: takeUpgrades(door, admission, sockets),
  };
  return {
    get setupToken() {
      return door.accounts.setupToken;
    },
    async listen() {
      const { PORT, INGRESS_PORT, SUPERVISOR_TOKEN, HOST } = services.config;
      const open = async (parts: ListenerParts) => {
        const listener = await openListener(parts);
        // Added last, so that it is closed first: nobody comes in while the rest is shut.
        teardown.use(`port ${listener.port}`, listener);
        return listener.port;
      };
      const port = await open({ ...common, port: PORT, variable: 'PORT' });
      const ports = [port];
      if (SUPERVISOR_TOKEN !== undefined) {
        const admit = ingress.admit.bind(ingress);
        ports.push(
          await open({ ...common, host: '0.0.0.0', port: INGRESS_PORT, variable: 'INGRESS_PORT', admit }),
        );
      }
      return { url: `http://${urlHost(HOST)}:${port}/`, port, ports };
    },
    [Symbol.asyncDispose]: () => teardown.run(),
  };
}

async function openInside(services: HttpServices, ingress: Ingress, teardown: Teardown): Promise<Inside> {
  const { clock, log, sources, secrets, audit } = services;
  const accounts = new Accounts(services);
  await accounts.open();
  const mediaTokens = createMediaTokens(secrets, clock);
  const identify = createIdentify({
    ...services,
    accounts,
    media: mediaTokens,
    isIngress: request => ingress.has(request),
  });
  const vigil = new Vigil(clock, log);
  teardown.use('open connections', vigil);
  const live = new Live({
    ...{ bus: services.bus, clock, version: services.version, find: sources.find },
    shown: (who, source) => shownSource(services.kinds, who, source),
  });
  teardown.use('live updates', live);
  const pictures = openPictures(services, teardown);
  return {
    ...services,
    ...{ accounts, identify, mediaTokens, vigil, live, sight: new Sight(sources) },
    ...pictures,
    metrics: createMetrics({ ...services, ...pictures, live }),
    routes: await loadRoutes(),
    record: (who, action, target, detail = '') =>
      audit.append({ who: who.name, action, target, detail }, clock.now()),
  };
}

function openPictures(services: HttpServices, teardown: Teardown): Pick<Inside, 'mjpeg' | 'walls' | 'still'> {
  const { clock, watching } = services;
  const parts = { ...services, placeholders: new Placeholders() };
  const mjpeg = createMjpegFanout({
    clock,
    listen: (sourceId, shape, call) => listenToJpeg(services, sourceId, shape, call),
    seat: sourceId => watching.listen(sourceId, () => undefined, { isViewer: true }),
    still: (sourceId, shape) => stillOf(parts, sourceId, shape, true),
  });
  teardown.use('live pictures', mjpeg);
  const walls = new Walls(parts);
  teardown.use('walls', walls);
  return { mjpeg, walls, still: (sourceId, shape) => stillOf(parts, sourceId, shape, false) };
}

/** A name that a browser on this machine can open. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}
