/** The door for recorders, and who may come in: stream logins, and whoever may log in to the hub. */
import { asGlimpserError } from '#base/errors.ts';
import type { HttpDoor } from '#doors/http/door.ts';
import { openRtspDoor, type RtspDoor, type RtspFigures } from '#doors/rtsp/door.ts';
import type { StreamLogins, StreamUser, Viewer } from '#doors/rtsp/logins.ts';
import { type Identity, maySee } from '#model/user.ts';
import type { Streams } from '#stages/stream/streams.ts';
import type { Ground } from './ground.ts';

type Seer = Pick<Identity, 'role' | 'groups'>;

/** The RTSP door as the hub steers it: a port that is taken closes this door only. */
export class RtspPlace implements AsyncDisposable {
  readonly #ground: Ground;
  readonly #streams: Streams;
  readonly #http: () => Pick<HttpDoor, 'byPassword'>;
  readonly #ears = new DisposableStack();
  #door: RtspDoor | undefined;

  constructor(ground: Ground, streams: Streams, http: () => Pick<HttpDoor, 'byPassword'>) {
    this.#ground = ground;
    this.#streams = streams;
    this.#http = http;
  }

  /** Null while the door is closed. */
  get port(): number | null {
    return this.#door?.port ?? null;
  }

  figures(): RtspFigures | undefined {
    return this.#door?.figures();
  }

  /** Opens the door. A failure becomes a problem that people are shown. */
  async open(): Promise<void> {
    const { config, clock, log, notices } = this.#ground;
    try {
      this.#door = await openRtspDoor({
        ...{ host: config.HOST, port: config.RTSP_PORT, clock, log },
        media: this.#streams,
        logins: this.#logins(),
        isOn: id => this.#ground.sources.find(id)?.enabled ?? false,
      });
      this.#follow(this.#door);
    } catch (thrown) {
      const { message } = asGlimpserError(thrown);
      const sentence = `Recorders cannot play streams over RTSP: ${message}`;
      notices.push(sentence);
      log.warning(sentence);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ears.dispose();
    await this.#door?.[Symbol.asyncDispose]();
  }

  /** What is taken away ends at once. */
  #follow(door: RtspDoor): void {
    const { bus, history } = this.#ground;
    this.#ears.use(bus.on('source.changed', 'rtsp', () => door.review()));
    this.#ears.use(bus.on('source.removed', 'rtsp', () => door.review()));
    this.#ears.use(history.streamLogins.onWithdrawn(() => void door.review()));
  }

  #logins(): StreamLogins {
    return {
      lookup: name => this.#streamUser(name),
      checkBasic: (name, password, address) => this.#hubUser(name, password, address),
    };
  }

  #streamUser(name: string): StreamUser | undefined {
    const login = this.#ground.history.streamLogins.find(name);
    if (!login) return undefined;
    const { secret, groups } = login;
    const sees = (id: string) => this.#sees({ role: 'viewer', groups }, id);
    const renewed = async () => {
      const now = this.#streamUser(name);
      return now?.secret === secret ? now : undefined;
    };
    return { name, secret, sees, renewed };
  }

  async #hubUser(name: string, password: string, address: string): Promise<Viewer | undefined> {
    try {
      return await this.#hubViewer(name, password, address);
    } catch {
      // Wrong, or too often wrong: a recorder is told no more than that.
      return undefined;
    }
  }

  async #hubViewer(name: string, password: string, address: string): Promise<Viewer> {
    const who = await this.#http().byPassword(name, password, address);
    const viewer: Viewer = {
      ...{ name: who.name, sees: (id: string) => this.#sees(who, id) },
      renewed: () => this.#hubViewer(name, password, address).catch(thrown => stillLetIn(viewer, thrown)),
    };
    return viewer;
  }

  #sees(who: Seer, id: string): boolean {
    const source = this.#ground.sources.find(id);
    if (!source) return who.role === 'admin';
    return maySee(who, source.groups) && (who.role === 'admin' || !source.privacy.hidden);
  }
}

/** Who was let in stays so while a disk cannot be read or others guess; only a password that is wrong now ends it. */
function stillLetIn(viewer: Viewer, thrown: unknown): Viewer | undefined {
  return asGlimpserError(thrown).code === 'login-failed' ? undefined : viewer;
}
