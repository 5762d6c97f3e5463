/** Whether a source sends pictures. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Connection',
  description: 'On while pictures come.',
  platform: 'binary_sensor',
  deviceClass: 'connectivity',
  category: 'diagnostic',
  needsSource: false,
  read: view => view.state.isOnline,
});
