/** Single pictures in other shapes: each made once for all who ask, and forgotten with the picture that it was made of. */
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { MAX_PIXELS } from '#base/picture.ts';
import { withSharp } from '#base/sharp.ts';
import type { Frame } from '#model/frame.ts';
import { isPlain, roundShape, type Shape, shapeKey } from '#model/picture-shape.ts';

const QUALITY = 80;
/** Stills that wait for their turn; who comes later is told to come again. */
const MOST_WAITING = 32;
/** Shapes of one picture that are kept at once. */
const KEPT_SHAPES = 16;

/** Makes stills. */
export class MadeOver {
  readonly #made = new WeakMap<Frame, Map<string, Promise<Frame>>>();

  /** The frame in the shape. Throws `picture-invalid`, or `too-many-requests` when too many wait. */
  still(frame: Frame, wanted: Shape): Promise<Frame> {
    const shape = roundShape(wanted);
    const shapes = this.#made.get(frame) ?? new Map<string, Promise<Frame>>();
    this.#made.set(frame, shapes);
    const key = shapeKey('', shape);
    const known = shapes.get(key);
    if (known) return known;
    const making = render(frame, shape, { mostWaiting: MOST_WAITING });
    shapes.set(key, making);
    making.catch(() => shapes.delete(key));
    const [oldest] = shapes.keys();
    if (shapes.size > KEPT_SHAPES && oldest !== undefined) shapes.delete(oldest);
    return making;
  }
}

/** Makes one frame over, always into JPEG; a JPEG that is wanted as it is stays the same. Throws `picture-invalid`. */
export async function render(
  frame: Frame,
  shape: Shape,
  options: { mostWaiting?: number } = {},
): Promise<Frame> {
  if (isPlain(shape) && frame.type === 'image/jpeg') return frame;
  try {
    const { data, info } = await withSharp(
      make =>
        make(frame.image, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
          .resize({ ...(shape.width === undefined ? {} : { width: shape.width }), withoutEnlargement: true })
          .flatten({ background: '#fff' })
          .jpeg({ quality: shape.quality ?? QUALITY })
          .toBuffer({ resolveWithObject: true }),
      options,
    );
    return { ...frame, image: data, type: 'image/jpeg', width: info.width, height: info.height };
  } catch (cause) {
    if (cause instanceof GlimpserError) throw cause;
    throw new GlimpserError(
      'picture-invalid',
      `The picture cannot be made smaller (${sentenceOf(cause)}). The next one may be better.`,
      { cause },
    );
  }
}
