/** An RTSP door with two users and streams that tests make, and the port that streams are pushed to. */
import { type Clock, systemClock } from '#server/base/clock.ts';
import { silentLog } from '#server/base/log.ts';
import { LiveStream } from '#server/base/rtp/live-stream.ts';
import type { MediaTrack, MediaUnit } from '#server/base/rtp/media.ts';
import { openMediaPort } from '#server/base/rtsp/media-port.ts';
import { openRtspDoor } from '#server/doors/rtsp/door.ts';
import type { StreamLogins, StreamUser, Viewer } from '#server/doors/rtsp/logins.ts';
import { FakeMediaBook } from '#test/fakes/media-book.ts';
import { type PushOptions, startPushing } from '#test/peers/pushing.ts';

/** Sees everything. */
export const ANN = { username: 'ann', password: 'tulip bed' };
/** Sees only the source `yard`. */
export const BOB = { username: 'bob', password: 'rose' };
/** Has no password for streams, only one that is slow to check. */
export const EVE = { username: 'eve', password: 'lily' };

/** H.264 as a test makes it by hand. */
export const H264_TRACK: MediaTrack = {
  kind: 'video',
  codec: 'H264',
  payloadType: 96,
  clockRate: 90_000,
  channels: undefined,
  format: 'packetization-mode=1; sprop-parameter-sets=Z0LADdoFB+wEQAAAAwBAAAAHo8UKqA==,aM48gA==',
};

/** A unit of one or more packets, made by hand. */
export function unitOf(isKey: boolean, rtpTime: number, bytes = 200, packets = 1, atMs = 0): MediaUnit {
  const made = Array.from({ length: packets }, (_, i) => {
    const packet = Buffer.alloc(12 + bytes, i);
    packet.writeUInt16BE(0x8060 | (i === packets - 1 ? 0x80 : 0), 0);
    packet.writeUInt32BE(rtpTime, 4);
    packet[12] = isKey ? 0x65 : 0x41;
    return packet;
  });
  return { track: 0, packets: made, rtpTime, isKey, atMs };
}

/** Checks logins the way the hub would; counts the slow checks. */
export class FakeLogins implements StreamLogins {
  slowChecks = 0;
  readonly askedFrom = new Set<string>();
  readonly withdrawn = new Set<string>();
  /** What Bob sees; Ann and Eve see everything. */
  readonly seenByBob = new Set(['yard']);

  lookup(username: string): StreamUser | undefined {
    const login = [ANN, BOB].find(one => one.username === username);
    if (!login || this.withdrawn.has(username)) return undefined;
    const sees = (sourceId: string) => username === 'ann' || this.seenByBob.has(sourceId);
    return { name: username, secret: login.password, sees, renewed: async () => this.lookup(username) };
  }

  async checkBasic(username: string, password: string, address: string) {
    this.slowChecks++;
    this.askedFrom.add(address);
    const isRight = username === EVE.username && password === EVE.password;
    return isRight ? this.#eve() : undefined;
  }

  #eve(): Viewer {
    const renewed = async () => (this.withdrawn.has('eve') ? undefined : this.#eve());
    return { name: 'eve', sees: () => true, renewed };
  }
}

/** Opens all of it. */
export async function openRtspWorld(clock: Clock = systemClock, host = '127.0.0.1') {
  const media = new FakeMediaBook();
  const logins = new FakeLogins();
  const off = new Set<string>();
  const isOn = (id: string) => !off.has(id);
  const door = await openRtspDoor({ host, port: 0, media, logins, isOn, clock, log: silentLog });
  const inside = await openMediaPort(clock);
  return {
    ...{ door, media, logins, inside, off },
    url: (path: string, login?: { username: string; password: string }) => {
      const who = login ? `${login.username}:${encodeURIComponent(login.password)}@` : '';
      return `rtsp://${who}127.0.0.1:${door.port}/${path}`;
    },
    /** A stream that the test feeds. */
    feed(id: string, tracks: MediaTrack[] = [H264_TRACK]): LiveStream {
      const stream = new LiveStream(tracks);
      media.streams.set(id, stream);
      return stream;
    },
    /** A stream that FFmpeg pushes. */
    async push(id: string, options: PushOptions = {}) {
      const publication = inside.publish();
      const child = startPushing(publication.url, options);
      void child.exited.finally(() => publication[Symbol.dispose]());
      media.streams.set(id, await publication.stream);
      return child;
    },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await inside[Symbol.asyncDispose]();
    },
  };
}

/** All of it. */
export type RtspWorld = Awaited<ReturnType<typeof openRtspWorld>>;
