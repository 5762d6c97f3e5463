/** Reads what a picture is from its first bytes: type and size, without decoding and without trust in headers. */
import { GlimpserError } from './errors.ts';

const MAX_PIXELS = 100_000_000;

/** What a picture is. */
export interface PictureFacts {
  type: 'image/jpeg' | 'image/png' | 'image/webp';
  width: number;
  height: number;
}

/** Type and size of a JPEG, PNG or WebP. Throws `picture-invalid`, or `picture-too-large` above 100 megapixels. */
export function readPicture(image: Buffer): PictureFacts {
  const facts = readJpeg(image) ?? readPng(image) ?? readWebp(image);
  if (!facts)
    throw new GlimpserError(
      'picture-invalid',
      `This is ${describe(image)}, not a JPEG, PNG or WebP picture.`,
    );
  if (facts.width < 1 || facts.height < 1)
    throw new GlimpserError('picture-invalid', 'The picture has no size.');
  if (facts.width * facts.height <= MAX_PIXELS) return facts;
  throw new GlimpserError(
    'picture-too-large',
    `The picture has ${facts.width}×${facts.height} pixels; at most 100 megapixels are taken.`,
  );
}

/** Like readPicture, and also refuses a JPEG that was cut off. */
export function checkPicture(image: Buffer): PictureFacts {
  const facts = readPicture(image);
  if (facts.type !== 'image/jpeg' || hasJpegEnd(image)) return facts;
  throw new GlimpserError('picture-invalid', `The picture is cut off after ${image.length} bytes.`);
}

/** Cameras pad their pictures; the end marker stands within the last bytes that are not zero. */
function hasJpegEnd(image: Buffer): boolean {
  let end = image.length;
  while (end > 2 && (image[end - 1] === 0 || image[end - 1] === 0x0a || image[end - 1] === 0x0d)) end--;
  return image[end - 2] === 0xff && image[end - 1] === 0xd9;
}

/** Walks the segments by their lengths, so that a thumbnail inside an Exif segment is never taken for the picture. */
function readJpeg(image: Buffer): PictureFacts | undefined {
  if (image.length < 4 || image[0] !== 0xff || image[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 9 < image.length) {
    if (image[at] !== 0xff) break;
    const marker = image[at + 1] ?? 0;
    if (marker === 0xff) at++;
    else if (isFrameHeader(marker)) {
      return { type: 'image/jpeg', height: image.readUInt16BE(at + 5), width: image.readUInt16BE(at + 7) };
    } else at += 2 + (isBare(marker) ? 0 : image.readUInt16BE(at + 2));
  }
  throw new GlimpserError('picture-invalid', 'The JPEG is damaged: it does not say its size.');
}

function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function readPng(image: Buffer): PictureFacts | undefined {
  if (image.length < 24 || image.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined;
  return { type: 'image/png', width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
}

function readWebp(image: Buffer): PictureFacts | undefined {
  if (
    image.length < 30 ||
    image.toString('latin1', 0, 4) !== 'RIFF' ||
    image.toString('latin1', 8, 12) !== 'WEBP'
  )
    return undefined;
  const type = 'image/webp';
  switch (image.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { type, width: image.readUIntLE(24, 3) + 1, height: image.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = image.readUInt32LE(21);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { type, width: image.readUInt16LE(26) & 0x3fff, height: image.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}

function describe(image: Buffer): string {
  if (image.length === 0) return 'nothing at all';
  const start = image.toString('latin1', 0, 256).trimStart().toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page';
  if (start.startsWith('{') || start.startsWith('[')) return 'JSON';
  if (start.startsWith('gif8')) return 'a GIF';
  if (start.startsWith('<svg') || start.startsWith('<?xml')) return 'XML';
  return 'something else';
}
