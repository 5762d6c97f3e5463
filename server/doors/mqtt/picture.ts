/** Makes a picture fit into a packet: quality first, then width. */
import type sharp from 'sharp';
import { MAX_PIXELS } from '#base/picture.ts';
import { withSharp } from '#base/sharp.ts';
import type { PictureType } from '#model/frame.ts';

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

const SMALLEST = { quality: 50, scale: 0.12 };
const LAST = STEPS.length - 1;
/** The estimate may be wrong by this much, so that no quality is given away. */
const SLACK = 1.5;

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
  let step = Math.min(Math.max(0, fitting.step), LAST);
  while (true) {
    const encoded = await encode(fitting, effortOf(step));
    if (encoded.length <= maxBytes) return { image: encoded, step };
    if (step === LAST) return undefined;
    step = nextStep(step, maxBytes / encoded.length);
  }
}

/** Skips steps that cannot be enough: bytes go with the area and roughly with the quality. */
function nextStep(step: number, wanted: number): number {
  const now = effortOf(step);
  for (let next = step + 1; next < LAST; next++) {
    const { quality, scale } = effortOf(next);
    if ((scale / now.scale) ** 2 * (quality / now.quality) <= wanted * SLACK) return next;
  }
  return LAST;
}

function effortOf(step: number): { quality: number; scale: number } {
  return STEPS[step] ?? SMALLEST;
}

/** One picture is made to fit at a time, so that this never crowds the queue. */
function encode(fitting: Fitting, effort: { quality: number; scale: number }): Promise<Buffer> {
  return withSharp(make => encodeWith(make, fitting, effort));
}

async function encodeWith(
  make: typeof sharp,
  fitting: Fitting,
  { quality, scale }: { quality: number; scale: number },
): Promise<Buffer> {
  const decoded = make(fitting.image, { limitInputPixels: MAX_PIXELS, sequentialRead: true });
  const width = Math.max(1, Math.round(fitting.width * scale));
  const sized = scale === 1 ? decoded : decoded.resize({ width, withoutEnlargement: true });
  switch (fitting.as) {
    case 'image/png':
      return await sized.png({ palette: true, quality, effort: 1 }).toBuffer();
    case 'image/webp':
      return await sized.webp({ quality }).toBuffer();
    case 'image/jpeg':
      return await sized.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer();
  }
}
