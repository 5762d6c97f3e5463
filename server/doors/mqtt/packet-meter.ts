/** Watches a stream of MQTT packets and notices one that is too large from its header, before its body is buffered. */

const MAX_LENGTH_BYTES = 4;

/** Reads chunks as they arrive; true while every packet is within what `maxBytes` says then, and well-formed. */
export function createPacketMeter(maxBytes: () => number): (chunk: Uint8Array) => boolean {
  let bodyLeft = 0;
  let headerAt = 0;
  let bodyBytes = 0;
  const readHeaderByte = (byte: number): boolean => {
    if (headerAt++ === 0) {
      bodyBytes = 0;
      return true;
    }
    bodyBytes += (byte & 0x7f) * 128 ** (headerAt - 2);
    const isLast = (byte & 0x80) === 0;
    if (isLast) {
      bodyLeft = bodyBytes;
      headerAt = 0;
    }
    return bodyBytes <= maxBytes() && (isLast || headerAt <= MAX_LENGTH_BYTES);
  };
  return chunk => {
    for (let at = 0; at < chunk.length; ) {
      const skipped = Math.min(bodyLeft, chunk.length - at);
      bodyLeft -= skipped;
      at += skipped;
      if (at < chunk.length && !readHeaderByte(chunk[at++] ?? 0)) return false;
    }
    return true;
  };
}
