/** One picture as one part of a multipart stream: one buffer, made once for every viewer. */

/** The line between two parts. */
export const BOUNDARY = 'frame';

/** The type of the stream. */
export const MJPEG_TYPE = `multipart/x-mixed-replace;boundary=${BOUNDARY}`;

/** What a stream begins with. */
export const FIRST_BOUNDARY = Buffer.from(`--${BOUNDARY}\r\n`);

const NEXT_BOUNDARY = Buffer.from(`\r\n--${BOUNDARY}\r\n`);

/**
 * Header, picture, and the boundary of the next part: browsers show a picture only when the next boundary has come,
 * and without it they would always lag one picture behind.
 */
export function mjpegPart(jpeg: Buffer, at: number): Buffer {
  const head = `Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\nX-Timestamp: ${(at / 1000).toFixed(3)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), jpeg, NEXT_BOUNDARY]);
}
