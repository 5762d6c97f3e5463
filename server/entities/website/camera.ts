/** The picture of a page as a camera, for cards that take nothing else. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Camera',
  description: 'The picture of the page as JPEG, for cards that need a camera.',
  platform: 'camera',
  entityId: '',
  isEnabledByDefault: false,
  needsSource: true,
  read: view => view.state.lastFrameAt,
});
