/** Puts the packets of one track together to units, numbers them and sees to it that a decoder can begin at each key unit. */
import type { MediaTrack, MediaUnit } from './media.ts';
import { nalReaderOf } from './nal.ts';
import { packetLike, type RtpHead, readRtp } from './packet.ts';
import { ParameterSets } from './parameter-sets.ts';

/** A unit beyond it is garbage, not a picture. */
const MAX_UNIT_BYTES = 8_000_000;

/** Where a track stands in its stream. */
export interface TrackPlace {
  index: number;
  track: MediaTrack;
  /** True when the stream has video: then audio is nothing to begin with. */
  hasVideo: boolean;
}

/** Builds the units of one track. */
export class UnitBuilder {
  readonly sets: ParameterSets;
  readonly #place: TrackPlace;
  readonly #readNals: ReturnType<typeof nalReaderOf>;
  #packets: Buffer[] = [];
  #roles = new Set<string>();
  #time = 0;
  #bytes = 0;
  #sequence = 0;
  /** Where parameter sets go: behind a delimiter, which must stay first. */
  #setsAt = 0;
  #shared: { dueMs: number; rtpTime: number } | undefined;

  constructor(place: TrackPlace) {
    this.#place = place;
    this.#readNals = nalReaderOf(place.track.codec);
    this.sets = new ParameterSets(place.track);
  }

  get track(): MediaTrack {
    return this.#place.track;
  }

  /** True for an encoding that needs parameter sets. */
  get hasSets(): boolean {
    return this.#readNals !== undefined;
  }

  /** Says once which RTP time belongs to which instant of the clock that all tracks share. */
  calibrate(dueMs: number, rtpTime: number): void {
    this.#shared ??= { dueMs, rtpTime };
  }

  /** Adds a packet that is ours to keep and to number; answers the units that are complete now. */
  add(packet: Buffer, nowMs: number): MediaUnit[] {
    const head = readRtp(packet);
    if (!head || head.payloadType !== this.#place.track.payloadType) return [];
    const isVideo = this.#place.track.kind === 'video';
    const done = this.#packets.length > 0 && head.time !== this.#time ? this.#finish(nowMs) : [];
    this.#append(packet, head);
    return head.isLast || !isVideo ? [...done, ...this.#finish(nowMs)] : done;
  }

  #append(packet: Buffer, head: RtpHead): void {
    if (this.#packets.length === 0) this.sets.beginUnit();
    this.#time = head.time;
    this.#bytes += packet.length;
    if (this.#bytes > MAX_UNIT_BYTES) return;
    this.#packets.push(packet);
    for (const nal of this.#readNals?.(head.payload) ?? []) {
      this.#roles.add(nal.role);
      if (nal.role === 'delimiter' && this.#packets.length === 1) this.#setsAt = 1;
      else this.sets.observe(nal);
    }
  }

  #finish(nowMs: number): MediaUnit[] {
    const [packets, isWhole] = [this.#packets, this.#bytes <= MAX_UNIT_BYTES];
    const isKey = this.#isKey();
    if (isKey && this.#readNals && this.sets.isMissingIn(this.#roles)) this.#inject(packets);
    this.#packets = [];
    this.#roles = new Set();
    this.#bytes = 0;
    this.#setsAt = 0;
    if (!isWhole || packets.length === 0) return [];
    for (const packet of packets) packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    const unit = { track: this.#place.index, packets, rtpTime: this.#time, isKey, atMs: nowMs };
    return [this.#shared ? { ...unit, dueMs: this.#dueMs(this.#shared) } : unit];
  }

  #dueMs({ dueMs, rtpTime }: { dueMs: number; rtpTime: number }): number {
    // Steps from unit to unit, so that the turn-over of RTP times goes unseen.
    const nextMs = dueMs + (((this.#time - rtpTime) | 0) * 1000) / this.#place.track.clockRate;
    this.#shared = { dueMs: nextMs, rtpTime: this.#time };
    return nextMs;
  }

  #isKey(): boolean {
    if (this.#place.track.kind === 'audio') return !this.#place.hasVideo;
    return this.#readNals ? this.#roles.has('key') : true;
  }

  #inject(packets: Buffer[]): void {
    const [first] = packets;
    if (first) packets.splice(this.#setsAt, 0, ...this.sets.all.map(set => packetLike(first, set)));
  }
}
