/**
 * Keeps pictures whole: parameter sets that come in the middle of a key picture are left out. Servers of GStreamer
 * put them in front of every slice; a reader takes each for the begin of a picture and shows halves.
 */
import { nalReaderOf } from '#base/rtp/nal.ts';
import { readRtp } from '#base/rtp/packet.ts';
import { readSdp } from './sdp.ts';

type ReadNals = NonNullable<ReturnType<typeof nalReaderOf>>;

const SETS = new Set<string>(['vps', 'sps', 'pps']);

/** Looks at the packets of one session in their order. */
export class RepeatedSets {
  /** By payload type. */
  readonly #readers = new Map<number, ReadNals>();
  /** Of the key picture that has begun. */
  #keyTime: number | undefined;

  /** `sdp`: what the camera said of its tracks. */
  constructor(sdp: string) {
    for (const { track } of readSdp(sdp)) {
      const read = nalReaderOf(track.codec);
      if (read) this.#readers.set(track.payloadType, read);
    }
  }

  /** True for a packet that holds nothing but parameter sets, inside a picture. */
  isRepeat(packet: Buffer): boolean {
    const read = this.#readers.get((packet[1] ?? 0) & 0x7f);
    const head = read && readRtp(packet);
    if (!head) return false;
    const nals = read(head.payload);
    if (head.time !== this.#keyTime) this.#keyTime = undefined;
    const isInside = this.#keyTime !== undefined;
    if (nals.some(({ role }) => role === 'key')) this.#keyTime = head.time;
    // Some clocks stand still: the last packet of a picture ends it, too.
    if (head.isLast) this.#keyTime = undefined;
    return isInside && nals.length > 0 && nals.every(({ role }) => SETS.has(role));
  }
}
