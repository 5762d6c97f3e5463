/** Pictures of a camera that the hub's machine was too slow for. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Dropped pictures',
  description: 'Pictures that the machine of the hub was too slow for, since the hub started.',
  platform: 'sensor',
  icon: 'mdi:image-remove',
  category: 'diagnostic',
  isEnabledByDefault: false,
  needsSource: false,
  read: ({ state }) => state.dropped.pictures,
});
