/** The HTTP door: accounts, the API, live pictures and the web app, on one port and one more for Home Assistant. */
import { isIPv6 } from 'node:net';
import { randomToken } from '#base/secret.ts';
import { Teardown } from '#base/teardown.ts';
import { Hls } from '#doors/live/hls.ts';
import { listenToJpeg } from '#doors/live/jpeg-frames.ts';
import { Live } from '#doors/live/live.ts';
import { createMjpegFanout } from '#doors/live/mjpeg.ts';
import { MovieSockets } from '#doors/live/movie-sockets.ts';
import { Placeholders } from '#doors/live/placeholder.ts';
import { stillOf } from '#doors/live/stills.ts';
import { Walls } from '#doors/live/walls.ts';
import { LiveSockets } from '#doors/live/websocket.ts';
import { idOf } from '#model/user.ts';
import { Accounts } from './accounts/accounts.ts';
import { type ByPassword, createIdentify } from './accounts/identify.ts';
import { createMediaTokens } from './accounts/media-token.ts';
import { Admission } from './admission.ts';
import { createApp } from './app.ts';
import { Ingress } from './ingress.ts';
import type { Inside } from './inside.ts';
import { type ListenerParts, openListener } from './listener.ts';
import { loadRoutes } from './load-routes.ts';
import { createMetrics } from './metrics.ts';
import { problemOf, readFailure } from './problem.ts';
import type { HttpServices } from './services.ts';
import { ShapedViews } from './shaped-views.ts';
import { shownSource } from './shown-source.ts';
import { Sight } from './sight.ts';
import { type Sockets, takeUpgrades } from './upgrade.ts';
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
  /** Who has this login, for doors that know no cookies. */
  byPassword: ByPassword;
}

/** Makes the door; it is closed before `listen`. */
export async function createHttpDoor(given: HttpServices): Promise<HttpDoor> {
  const services = { ...given, log: given.log.part('http') };
  const teardown = new Teardown();
  const ingress = new Ingress(services.ingressPeer);
  const door = await openInside(services, ingress, teardown);
  const admission = new Admission(door.identify, services);
  const sockets = openSockets(door, teardown);
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
    byPassword: door.byPassword,
    [Symbol.asyncDispose]: () => teardown.run(),
  };
}

async function openInside(services: HttpServices, ingress: Ingress, teardown: Teardown): Promise<Inside> {
  const { clock, log, sources, secrets, audit } = services;
  const accounts = new Accounts(services);
  await accounts.open();
  const mediaTokens = createMediaTokens(secrets, clock, services.linkEpochs);
  const { identify, byPassword } = createIdentify({
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
    ...{ accounts, identify, byPassword, mediaTokens, vigil, live },
    ...{ sight: new Sight(sources), shapedViews: new ShapedViews() },
    ...pictures,
    metrics: createMetrics({ ...services, ...pictures, live }),
    routes: await loadRoutes(),
    record: (who, action, target, detail = '') =>
      audit.append({ who: who.name, whoId: idOf(who), action, target, detail }, clock.now()),
  };
}

function openSockets(door: Inside, teardown: Teardown): Sockets {
  const { clock, movies, live, watching } = door;
  const problem = (thrown: unknown) => problemOf(readFailure(thrown), randomToken().slice(0, 16));
  const sockets = {
    live: new LiveSockets(live, clock),
    movies: new MovieSockets({ movies, clock, seat: seatsOf(watching), problemOf: problem }),
  };
  teardown.use('websockets', sockets.live);
  teardown.use('movies', sockets.movies);
  return sockets;
}

function openPictures(
  services: HttpServices,
  teardown: Teardown,
): Pick<Inside, 'mjpeg' | 'walls' | 'still' | 'hls'> {
  const { clock, watching, movies } = services;
  const seat = seatsOf(watching);
  const parts = { ...services, placeholders: new Placeholders() };
  const mjpeg = createMjpegFanout({
    clock,
    listen: (sourceId, shape, call) => listenToJpeg(services, sourceId, shape, call),
    seat,
    still: (sourceId, shape) => stillOf(parts, sourceId, shape, true),
  });
  teardown.use('live pictures', mjpeg);
  const hls = new Hls({ movies, clock, seat });
  teardown.use('segments', hls);
  const walls = new Walls(parts);
  teardown.use('walls', walls);
  return { mjpeg, hls, walls, still: (sourceId, shape) => stillOf(parts, sourceId, shape, false) };
}

/** Counts viewers who take something else than pictures from the source. */
function seatsOf(watching: HttpServices['watching']): (sourceId: string) => Disposable {
  return sourceId => watching.listen(sourceId, () => undefined, { isViewer: true });
}

/** A name that a browser on this machine can open. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}
