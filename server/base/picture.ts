/** Reads what a picture is from its first bytes: type and size, without decoding and without trust in headers. */
import { GlimpserError } from './errors.ts';

/** The largest picture that is taken, in pixels; whatever decodes one keeps to the same limit. */
export const MAX_PIXELS = 64_000_000;
/** How much may follow the end of a picture. */
const TRAILER_BYTES = 4096;
const SCAN = 0xda;
const JPEG_END = Buffer.from([0xff, 0xd9]);

/** What a picture is. */
export interface PictureFacts {
  type: 'image/jpeg' | 'image/png' | 'image/webp';
  width: number;
  height: number;
}

/** Type and size of a JPEG, PNG or WebP. Throws `picture-invalid`, or `picture-too-large` above 64 megapixels. */
export function readPicture(image: Buffer): PictureFacts {
  const facts = readJpeg(image) ?? readPng(image) ?? readWebp(image);
  if (!facts)
    throw new GlimpserError(
      'picture-invalid',
      `This is ${describeBytes(image)}, not a JPEG, PNG or WebP picture.`,
    );
  if (facts.width < 1 || facts.height < 1)
    throw new GlimpserError('picture-invalid', 'The picture has no size.');
  if (facts.width * facts.height <= MAX_PIXELS) return facts;
  throw new GlimpserError(
    'picture-too-large',
    `The picture has ${facts.width}×${facts.height} pixels; at most 64 megapixels are taken.`,
  );
}

/** Like readPicture, and also refuses what was cut off. */
export function checkPicture(image: Buffer): PictureFacts {
  const facts = readPicture(image);
  if (IS_WHOLE[facts.type](image)) return facts;
  throw new GlimpserError('picture-invalid', `The picture is cut off after ${image.length} bytes.`);
}

/** What the bytes seem to be, for sentences. */
function describeBytes(bytes: Buffer): string {
  if (bytes.length === 0) return 'nothing at all';
  const start = bytes
    .toString('latin1', 0, 256)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  const found = STARTS.find(([shape]) => shape.test(start));
  return found?.[1] ?? 'something else';
}

const STARTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(<!--.*?-->\s*)?<(!doctype html|html|head|body)\b/s, 'an HTML page'],
  [/^<(\?xml|svg)\b/, 'XML'],
  [/^[{[]/, 'JSON'],
  [/^gif8/, 'a GIF'],
  [/^bm/, 'a BMP'],
  [/^....ftyp(avif|avis)/s, 'an AVIF'],
  [/^....ftyp(heic|heix|mif1)/s, 'a HEIC'],
  [/^\xff\xd8\xff/, 'a damaged JPEG'],
  [/^--/, 'an MJPEG stream'],
  [/^[\x20-\x7e\s]+$/, 'text'],
];

const IS_WHOLE: Readonly<Record<PictureFacts['type'], (image: Buffer) => boolean>> = {
  'image/jpeg': hasJpegEnd,
  // Some programs write notes behind the last chunk.
  'image/png': image => image.subarray(-TRAILER_BYTES).includes('IEND', 0, 'latin1'),
  'image/webp': image => image.readUInt32LE(4) + 8 <= image.length,
};

/**
 * Cameras pad their pictures or write notes behind them. Inside the compressed data the end marker cannot occur,
 * so that it is looked for between the start of that data and the end.
 */
function hasJpegEnd(image: Buffer): boolean {
  const { scanAt } = walkJpeg(image);
  if (scanAt === undefined) return false;
  const end = image.lastIndexOf(JPEG_END);
  return end >= Math.max(scanAt, image.length - TRAILER_BYTES);
}

function readJpeg(image: Buffer): PictureFacts | undefined {
  if (image.length < 4 || image[0] !== 0xff || image[1] !== 0xd8) return undefined;
  const { size } = walkJpeg(image);
  if (size) return { type: 'image/jpeg', ...size };
  throw new GlimpserError('picture-invalid', 'The JPEG is damaged: it does not say its size.');
}

interface JpegWalk {
  size: { width: number; height: number } | undefined;
  /** Where the first scan starts. */
  scanAt: number | undefined;
}

/** Walks the segments by their lengths, so that a thumbnail inside an Exif segment is never taken for the picture. */
function walkJpeg(image: Buffer): JpegWalk {
  let size: JpegWalk['size'];
  let at = 2;
  while (at + 4 <= image.length && image[at] === 0xff) {
    const marker = image[at + 1] ?? 0;
    if (marker === 0xff) at++;
    else if (isBare(marker)) at += 2;
    else if (marker === SCAN) return { size, scanAt: at };
    else {
      if (isFrameHeader(marker) && at + 9 <= image.length) {
        size ??= { height: image.readUInt16BE(at + 5), width: image.readUInt16BE(at + 7) };
      }
      at += 2 + image.readUInt16BE(at + 2);
    }
  }
  return { size, scanAt: undefined };
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
