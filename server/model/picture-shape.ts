/** In which size and quality a picture is wanted, in steps: what is nearly the same is made once. */

const WIDTH_STEP = 32;
const QUALITY_STEP = 5;

/** How a picture is wanted. Without a width it keeps its size; it never grows. */
export interface Shape {
  width?: number | undefined;
  /** JPEG quality from 1 to 100. */
  quality?: number | undefined;
}

/** The next step up, so that nobody gets less than they asked for. */
export function roundShape({ width, quality }: Shape): Shape {
  return {
    ...(width === undefined ? {} : { width: Math.ceil(width / WIDTH_STEP) * WIDTH_STEP }),
    ...(quality === undefined ? {} : { quality: Math.ceil(quality / QUALITY_STEP) * QUALITY_STEP }),
  };
}

/** True when the picture is wanted as it is. */
export function isPlain({ width, quality }: Shape): boolean {
  return width === undefined && quality === undefined;
}

/** Tells shapes of sources apart. */
export function shapeKey(sourceId: string, { width, quality }: Shape): string {
  return `${sourceId} ${width ?? ''} ${quality ?? ''}`;
}
