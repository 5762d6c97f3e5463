/** How often slow players lost a part of the stream of a camera. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Dropped groups',
  description:
    'How often a recorder or browser was too slow for the stream and lost a group of pictures, since the hub started.',
  platform: 'sensor',
  icon: 'mdi:filmstrip-off',
  category: 'diagnostic',
  isEnabledByDefault: false,
  needsSource: false,
  read: ({ state }) => state.dropped.groups,
});
