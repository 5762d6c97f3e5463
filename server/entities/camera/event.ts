/** What happens at a camera. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Event',
  description: 'Tells each thing that happens at the camera; it has no lasting value.',
  platform: 'event',
  eventTypes: ['source_lost', 'source_recovered', 'camera_motion'],
  needsSource: true,
  read: () => null,
});
