/** Addresses of pictures and streams below the hub's base. */
import { addressOf } from '#app/net/address.ts';

/** The newest picture of a source. */
export function stillOf(sourceId: string, width: number): string {
  return addressOf(`api/stream/${sourceId}/snapshot.jpg?width=${width}`);
}

/** The live stream of a source in a modest size. */
export function streamOf(sourceId: string, fps: number, width: number): string {
  return addressOf(`api/stream/${sourceId}/mjpeg?fps=${fps}&width=${width}`);
}

/** A kept picture, as it is or as a thumbnail. */
export function captureOf(captureId: string, width?: number): string {
  return addressOf(`api/captures/${captureId}/picture${width === undefined ? '' : `?width=${width}`}`);
}
