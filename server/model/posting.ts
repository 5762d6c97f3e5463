/** Pictures that others send: over HTTP, over MQTT. */
import type { PictureFacts } from '#base/picture.ts';

/** Takes pictures that others send. */
export interface Posting {
  /**
   * Hands a picture to its source. Throws `not-found`, `conflict` for a source of another kind, `source-disabled`
   * while it rests, `picture-invalid` and `picture-too-large`.
   */
  post(sourceId: string, image: Buffer): PictureFacts;
}

/** The largest picture that is taken. */
export const POSTED_MAX_BYTES = 20_000_000;
