/** Makes a picture fit into a packet: quality first, then width. */
import sharp from 'sharp';
import type { PictureType } from '#model/frame.ts';

const MAX_PIXELS = 100_000_000;

/** How much is given up, step by step. */
const STEPS: ReadonlyArray<{ quality: number; scale: number }> = [
  { quality: 80, scale: 1 },
  { quality: 65, scale: 1 },
  { quality: 50, scale: 1 },
  { quality: 50, scale: 0.75 },
  { quality: 50, scale: 0.5 },
  { quality: 50, scale: 0.35 },
  { quality: 50, scale: 0.25 },
  { quality: 50, scale: 0.18 },
  { quality: 50, scale: 0.12 },
];

/** A picture to send. */
export interface Fitting {
  image: Buffer;
  width: number;
  from: PictureType;
  as: PictureType;
  maxBytes: number;
  /** Where to begin: what the last picture of the source needed. */
  step: number;
}

/** A picture that fits, and the step that it needed; -1: it was sent as it came. */
export interface Fitted {
  image: Buffer;
  step: number;
}

/** Undefined when it does not fit at the last step. Rejects when the picture cannot be read. */
export async function fitPicture(fitting: Fitting): Promise<Fitted | undefined> {
  const { image, from, as, maxBytes } = fitting;
  if (from === as && image.length <= maxBytes) return { image, step: -1 };
  for (let step = Math.max(0, fitting.step); step < STEPS.length; step++) {
    const encoded = await encode(fitting, STEPS[step] ?? { quality: 50, scale: 0.1 });
    if (encoded.length <= maxBytes) return { image: encoded, step };
  }
  return undefined;
}

async function encode(
  fitting: Fitting,
  { quality, scale }: { quality: number; scale: number },
): Promise<Buffer> {
  const decoded = sharp(fitting.image, { limitInputPixels: MAX_PIXELS, sequentialRead: true });
  const width = Math.max(1, Math.round(fitting.width * scale));
  const sized = scale === 1 ? decoded : decoded.resize({ width, withoutEnlargement: true });
  switch (fitting.as) {
    case 'image/png':
      return await sized.png({ palette: true, quality }).toBuffer();
    case 'image/webp':
      return await sized.webp({ quality }).toBuffer();
    case 'image/jpeg':
      return await sized.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer();
  }
}
