/** How many sources are in error. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Sources failed',
  description: 'How many sources are in error.',
  platform: 'sensor',
  stateClass: 'measurement',
  icon: 'mdi:alert-circle-outline',
  category: 'diagnostic',
  document: 'health',
  read: state => state.sourcesFailed,
});
