/** The door for recorders, and who may come in: stream logins, and whoever may log in to the hub. */
import { asGlimpserError } from '#base/errors.ts';
import type { HttpDoor } from '#doors/http/door.ts';
import { openRtspDoor, type RtspDoor, type RtspFigures } from '#doors/rtsp/door.ts';
import type { StreamLogins, Viewer } from '#doors/rtsp/logins.ts';
import { type Identity, maySee } from '#model/user.ts';
import type { Streams } from '#stages/stream/streams.ts';
import type { Ground } from './ground.ts';

type Seer = Pick<Identity, 'role' | 'groups'>;

/** The RTSP door as the hub steers it: a port that is taken closes this door only. */
export class RtspPlace implements AsyncDisposable {
  readonly #ground: Ground;
  readonly #streams: Streams;
  readonly #http: () => Pick<HttpDoor, 'byPassword'>;
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
      });
    } catch (thrown) {
      const { message } = asGlimpserError(thrown);
      const sentence = `Recorders cannot play streams over RTSP: ${message}`;
      notices.push(sentence);
      log.warning(sentence);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#door?.[Symbol.asyncDispose]();
  }

  #logins(): StreamLogins {
    const { history } = this.#ground;
    return {
      lookup: name => {
        const login = history.streamLogins.find(name);
        return (
          login && { ...this.#viewer(name, { role: 'viewer', groups: login.groups }), secret: login.secret }
        );
      },
      checkBasic: async (name, password) => {
        try {
          const identity = await this.#http().byPassword(name, password, 'rtsp');
          return this.#viewer(identity.name, identity);
        } catch {
          // Wrong, or too often wrong: a recorder is told no more than that.
          return undefined;
        }
      },
    };
  }

  #viewer(name: string, who: Seer): Viewer {
    return { name, sees: id => this.#sees(who, id) };
  }

  #sees(who: Seer, id: string): boolean {
    const source = this.#ground.sources.find(id);
    if (!source) return who.role === 'admin';
    return maySee(who, source.groups) && (who.role === 'admin' || !source.privacy.hidden);
  }
}
