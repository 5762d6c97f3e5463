/** What is remembered of one page: its last picture, and where it is restless. */
import { NoiseMap } from '#base/noise-map.ts';
import type { PictureDiff } from '#base/picture-diff.ts';
import type { Box } from '#base/picture-diff-regions.ts';
import type { Frame } from '#model/frame.ts';
import type { Source } from '#model/source.ts';

/** Another typeface hides what else changed. It is taken as the page's own when it stays. */
const TYPEFACE_LOOKS = 3;

/** One page. */
export class PageMemory {
  /** The picture that the next one is compared with. */
  image: Buffer;
  /** On the clock that never jumps. */
  comparedAtMs: number;
  readonly #noise = new NoiseMap();
  #otherTypeface = 0;

  constructor({ image }: Frame, comparedAtMs: number) {
    this.image = image;
    this.comparedAtMs = comparedAtMs;
  }

  /** What of a picture does not count: places that people marked, in percent, and those that were learned. */
  ignored({ ignore, learn }: Source['change'], { width, height }: Pick<Frame, 'width' | 'height'>): Box[] {
    const marked = ignore.map(({ left, top, width: wide, height: high }) => ({
      left: (left / 100) * width,
      top: (top / 100) * height,
      width: (wide / 100) * width,
      height: (high / 100) * height,
    }));
    return learn ? [...marked, ...this.#noise.boxes()] : marked;
  }

  /** Takes in a comparison. */
  take({ image }: Frame, diff: PictureDiff): void {
    if (diff.rung === 'typeface' && ++this.#otherTypeface < TYPEFACE_LOOKS) return;
    this.#otherTypeface = 0;
    if (diff.rung !== 'typeface') this.#noise.learn(diff);
    this.image = image;
  }
}
