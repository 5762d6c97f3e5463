/** How much memory the programs of a camera take. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Memory used',
  description: 'Memory that its programs (FFmpeg, yt-dlp) take.',
  platform: 'sensor',
  deviceClass: 'data_size',
  stateClass: 'measurement',
  unit: 'MiB',
  icon: 'mdi:memory',
  category: 'diagnostic',
  isEnabledByDefault: false,
  precision: 0,
  field: 'memory_mib',
  needsSource: true,
  read: ({ state }) => state.programs?.memoryMiB ?? null,
});
