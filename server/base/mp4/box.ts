/** The grammar of MP4: boxes of a length, a four-letter type and a body. */

/** A box. */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32BE(
    parts.reduce((bytes, part) => bytes + part.length, 8),
    0,
  );
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}

/** A box that begins with a version and flags. */
export function fullBox(type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...parts);
}

/** Bytes. */
export function u8(...values: readonly number[]): Buffer {
  return Buffer.from(values);
}

/** Numbers of two bytes. */
export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 2);
  values.forEach((value, index) => void bytes.writeUInt16BE(value, index * 2));
  return bytes;
}

/** Numbers of four bytes. */
export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  values.forEach((value, index) => void bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

/** A number of eight bytes. */
export function u64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** So many bytes of nothing. */
export function zeros(bytes: number): Buffer {
  return Buffer.alloc(bytes);
}
