/** Coded streams: handed over by cameras, encoded for what gives only pictures, and played by recorders. */
import type { MediaPort } from '#base/rtsp/media-port.ts';
import type { Teardown } from '#base/teardown.ts';
import { Encoders } from '#stages/stream/encoders.ts';
import { createStreams, type Streams } from '#stages/stream/streams.ts';
import type { SourcePrograms } from '#stages/watch/programs.ts';
import type { Renditions } from '#stages/watch/rendition.ts';
import type { Watch } from '#stages/watch/watch.ts';
import type { Ground } from './ground.ts';

/** What pictures come from; asked only once somebody watches, since it is made with the inlets of the streams. */
export interface Pictures {
  watch: Watch;
  renditions: Renditions;
}

/** Makes the streams. */
export function openStreams(
  { bus, clock, log, sourceKinds, settings }: Ground,
  mediaPort: MediaPort,
  programs: (sourceId: string) => Pick<SourcePrograms, 'ffmpeg'>,
  pictures: () => Pictures,
  teardown: Teardown,
): Streams {
  const encoders = new Encoders({
    ...{ clock, log },
    of: sourceId => ({
      ffmpeg: programs(sourceId).ffmpeg,
      inlet: streams.encoded(sourceId),
      listen: call => pictures().renditions.listen(sourceId, {}, call, { isViewer: true }),
      async latest() {
        const { watch, renditions } = pictures();
        const frame = watch.latest(sourceId);
        return frame && renditions.still(frame, {});
      },
    }),
  });
  teardown.use('encoders', encoders);
  const streams = createStreams({
    ...{ port: mediaPort, clock },
    watching: { hold: id => pictures().watch.hold(id) },
    find: id => settings.current.sources.find(source => source.id === id),
    hasVideo: ({ kind }) => sourceKinds.get(kind)?.hasVideo ?? false,
    encode: id => encoders.hold(id),
    dropped: sourceId => bus.emit('source.dropped', { sourceId, at: clock.now(), what: 'group' }),
  });
  return streams;
}
