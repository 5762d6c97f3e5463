/** What happens at a page. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Event',
  description: 'Tells each thing that happens at the page; it has no lasting value.',
  platform: 'event',
  eventTypes: ['changed', 'load_failed', 'load_recovered'],
  needsSource: true,
  read: () => null,
});
