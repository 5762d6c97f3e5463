/** How many pictures a second a camera sends. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Frame rate',
  description: 'Pictures a second that the camera sends.',
  platform: 'sensor',
  stateClass: 'measurement',
  unit: 'fps',
  icon: 'mdi:speedometer',
  category: 'diagnostic',
  isEnabledByDefault: false,
  precision: 1,
  needsSource: true,
  read: view => view.state.fps,
});
