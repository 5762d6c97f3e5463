/** The camera's picture: the device's main entity. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: null,
  description: 'The newest picture as JPEG; the value is when it came.',
  platform: 'camera',
  entityId: '',
  needsSource: true,
  read: view => view.state.lastFrameAt,
  attributes: ({ state }) => ({ width: state.width, height: state.height }),
});
