/** One picture of a source at one instant, in memory. */

/** The picture formats that a frame may have. */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp';

/** What a page said while it was captured. */
export interface PageFacts {
  httpStatus?: number;
  title?: string;
  finalUrl?: string;
  /** Milliseconds from navigation to ready. */
  loadMs?: number;
  /** Which condition of readiness was met last. */
  readyBy?: string;
}

/** What a source kind hands over: pixels as they came, never copied on the way. */
export interface Picture {
  image: Buffer;
  type: PictureType;
  /** Epoch milliseconds of the capture. */
  at: number;
  width: number;
  height: number;
  /** Milliseconds that the capture took; unset for streams. */
  tookMs?: number;
  page?: PageFacts;
}

/** A picture with its source and its number since the hub started watching it. */
export interface Frame extends Picture {
  sourceId: string;
  sequence: number;
}
