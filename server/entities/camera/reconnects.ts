/** How often a camera was lost and found again. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Reconnects',
  description: 'Connections after the first since the hub started.',
  platform: 'sensor',
  icon: 'mdi:connection',
  category: 'diagnostic',
  isEnabledByDefault: false,
  needsSource: false,
  read: view => view.state.reconnects,
});
