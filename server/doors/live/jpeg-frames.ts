/** Live pictures as JPEG, whatever the source gives: JPEG goes through untouched, the rest is made into it once. */
import type { Log } from '#base/log.ts';
import type { Frame } from '#model/frame.ts';
import { isPlain, type Shape } from '#model/picture-shape.ts';
import type { Watching } from '#model/services.ts';

/** What makes pictures in other shapes. */
export interface Shaper {
  listen(
    sourceId: string,
    shape: Shape,
    call: (frame: Frame) => void,
    options: { isViewer: boolean },
  ): Disposable;
  still(frame: Frame, shape: Shape): Promise<Frame>;
}

/** Where live pictures come from. */
export interface JpegFramesParts {
  watching: Pick<Watching, 'listen'>;
  pictures: Shaper;
  log: Log;
}

/** Calls back for every new picture of a source as JPEG, until disposed. Does not count as a viewer. */
export function listenToJpeg(
  parts: JpegFramesParts,
  sourceId: string,
  shape: Shape,
  call: (frame: Frame) => void,
): Disposable {
  if (!isPlain(shape)) return parts.pictures.listen(sourceId, shape, call, { isViewer: false });
  return new PlainEar(parts, sourceId, call);
}

/** Listens to the source itself, and to the maker of pictures as soon as one is not a JPEG. */
class PlainEar implements Disposable {
  #ear: Disposable;
  #isClosed = false;

  constructor(parts: JpegFramesParts, sourceId: string, call: (frame: Frame) => void) {
    const isViewer = false;
    this.#ear = parts.watching.listen(
      sourceId,
      frame => {
        if (frame.type === 'image/jpeg') call(frame);
        else this.#swap(parts, frame, call);
      },
      { isViewer },
    );
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#ear[Symbol.dispose]();
  }

  #swap(parts: JpegFramesParts, frame: Frame, call: (frame: Frame) => void): void {
    if (this.#isClosed) return;
    const before = this.#ear;
    try {
      this.#ear = parts.pictures.listen(frame.sourceId, {}, call, { isViewer: false });
    } catch (thrown) {
      // The maker takes no more for now. What listens goes on listening, and the next picture asks again.
      parts.log.debug('A stream cannot be made into JPEG yet', { error: thrown });
      return;
    }
    before[Symbol.dispose]();
    parts.pictures.still(frame, {}).then(
      made => this.#isClosed || call(made),
      thrown => parts.log.debug('A picture was left out of a stream', { error: thrown }),
    );
  }
}
