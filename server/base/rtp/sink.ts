/** Where the packets of one track go: channels of a TCP connection, or a pair of UDP ports. */
import type { FramedUnit } from './framed.ts';

/** The way to one receiver. */
export interface TrackSink {
  /** Sends a unit; the buffer is the sink's to write into. */
  send(unit: FramedUnit): void;
  control(packet: Buffer): void;
  /** Bytes that wait to be taken. */
  readonly backlogBytes: number;
  /** Bytes that have left since the beginning: a receiver is stuck when they stand still while others wait. */
  readonly sentBytes: number;
}
