/** A place for the coded stream of a run, on a real port of ours. */
import { systemClock } from '#server/base/clock.ts';
import type { Inlet } from '#server/base/inlet.ts';
import type { MediaStream } from '#server/base/rtp/media.ts';
import { openMediaPort } from '#server/base/rtsp/media-port.ts';

interface Ending {
  after(call: () => Promise<void>): void;
}

/** Opens the port; it is closed when the test ends. `streams` are what was handed over, in order. */
export async function openInlet(t: Ending): Promise<{ inlet: Inlet; streams: MediaStream[] }> {
  const port = await openMediaPort(systemClock);
  t.after(async () => port[Symbol.asyncDispose]());
  const streams: MediaStream[] = [];
  const inlet: Inlet = {
    publish() {
      const publication = port.publish();
      publication.stream.then(
        stream => streams.push(stream),
        () => undefined,
      );
      return publication;
    },
    reader: stream => port.reader(stream),
  };
  return { inlet, streams };
}
