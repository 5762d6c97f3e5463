/** When the last picture came. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Last capture',
  description: 'When the last picture came.',
  platform: 'sensor',
  deviceClass: 'timestamp',
  category: 'diagnostic',
  isEnabledByDefault: false,
  needsSource: false,
  read: view => view.state.lastFrameAt,
});
