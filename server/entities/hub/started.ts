/** When the hub was started: an instant, because a counter would write a new state every second. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Started',
  description: 'When the hub was started.',
  platform: 'sensor',
  deviceClass: 'timestamp',
  category: 'diagnostic',
  isEnabledByDefault: false,
  document: 'info',
  read: state => state.startedAt,
});
