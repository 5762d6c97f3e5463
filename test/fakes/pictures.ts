/** Small real pictures for tests of everything that handles them. */
import sharp from 'sharp';
import type { Picture } from '#server/model/frame.ts';

/** A JPEG of one colour; `bytes` makes it longer, as cameras do with notes at the end. */
export async function jpeg(colour: string, bytes = 0): Promise<Picture> {
  const create = { width: 64, height: 36, channels: 3 as const, background: colour };
  const image = await sharp({ create }).jpeg().toBuffer();
  return { image: padded(image, bytes), type: 'image/jpeg', at: Date.UTC(2026, 0, 1), width: 64, height: 36 };
}

/** A PNG of one colour. */
export async function png(colour: string): Promise<Picture> {
  const create = { width: 64, height: 36, channels: 3 as const, background: colour };
  const image = await sharp({ create }).png().toBuffer();
  return { image, type: 'image/png', at: Date.UTC(2026, 0, 1), width: 64, height: 36 };
}

/** Filled in a comment behind the start, where every reader skips it. */
function padded(image: Buffer, bytes: number): Buffer {
  const comments: Buffer[] = [];
  for (let left = bytes - image.length; left > 8; ) {
    const length = Math.min(left - 2, 65_535);
    const comment = Buffer.alloc(length + 2, 0x20);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(length, 2);
    comments.push(comment);
    left -= length + 2;
  }
  return Buffer.concat([image.subarray(0, 2), ...comments, image.subarray(2)]);
}
