/** How many sources send pictures. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Sources online',
  description: 'How many sources send pictures.',
  platform: 'sensor',
  stateClass: 'measurement',
  icon: 'mdi:cctv',
  category: 'diagnostic',
  document: 'health',
  read: state => state.sourcesOnline,
});
