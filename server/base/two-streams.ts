/** Cameras that send two streams: the large one is handed on without decoding, pictures come from the small one. */
import { type CameraRun, cameraPictures } from './camera-pictures.ts';
import { handOn } from './hand-on.ts';
import type { Inlet } from './inlet.ts';
import type { StreamPicture } from './picture-stream.ts';
import { openMediaPort } from './rtsp/media-port.ts';

/** One run. What is said of its input holds for the small stream; the sound comes from the large one. */
export interface TwoStreamsRun extends CameraRun {
  large: CameraRun['input'];
  inlet: Inlet;
}

/** Yields until the signal fires; the end of either stream ends both. Throws what failed first. */
export async function* picturesBesideStream(run: TwoStreamsRun): AsyncGenerator<StreamPicture, void, void> {
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  // The small stream is decoded for viewers by way of a port of its own: nobody else is to see it.
  await using port = await openMediaPort(run.clock);
  const inlet = { publish: () => port.publish(), reader: port.reader.bind(port) };
  const failures: unknown[] = [];
  const large = handOn({ ...run, signal, input: run.large }).catch(thrown => {
    failures.push(thrown);
    over.abort();
  });
  // That the small stream lives is told by itself alone: the large one would hide its silence. Figures are the large one's.
  const small = { ...run, signal, inlet, sound: 'none' as const, measured: () => undefined };
  try {
    yield* cameraPictures(small);
  } catch (thrown) {
    failures.push(thrown);
  } finally {
    over.abort();
    await large;
  }
  if (failures.length > 0 && !run.signal.aborted) throw failures[0];
}
