/** Where programs hand the coded stream of one source over, and read it back: the source itself is read once. */
import type { MediaStream } from './rtp/media.ts';
import type { Publication } from './rtsp/media-port.ts';

/** The place of one source. */
export interface Inlet {
  /** A place for one push; a new one takes the place of the one before. */
  publish(): Publication;
  /** An address that plays the stream from its newest key picture; works once. */
  reader(stream: MediaStream): string;
  /** Told of a stream that cannot be handed on; holds until the next push. Unset where nobody wants to know. */
  unfit?(): void;
}
