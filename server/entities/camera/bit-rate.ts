/** How much the stream of a camera carries. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Bit rate',
  description: 'Rate of the video that the camera sends; only for kinds with a video stream.',
  platform: 'sensor',
  deviceClass: 'data_rate',
  stateClass: 'measurement',
  unit: 'kbit/s',
  category: 'diagnostic',
  isEnabledByDefault: false,
  precision: 0,
  field: 'bit_rate_kbit',
  needsSource: true,
  isFor: ({ hasVideo }) => hasVideo,
  read: ({ state }) => (state.bitsPerSecond === null ? null : Math.round(state.bitsPerSecond / 1000)),
});
