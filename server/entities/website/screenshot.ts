/** The picture of a page: the device's main entity, because its state is the time of the capture. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: null,
  description: 'The newest picture of the page; the value is when it was taken.',
  platform: 'image',
  entityId: '',
  needsSource: true,
  read: view => view.state.lastFrameAt,
  attributes: ({ state }) => ({ width: state.width, height: state.height }),
});
