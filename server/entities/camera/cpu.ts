/** How much processor time the programs of a camera take. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Processor used',
  description: 'Processor time that its programs (FFmpeg, yt-dlp) take, in hundredths of one core.',
  platform: 'sensor',
  stateClass: 'measurement',
  unit: '%',
  icon: 'mdi:cpu-64-bit',
  category: 'diagnostic',
  isEnabledByDefault: false,
  precision: 1,
  field: 'cpu_percent',
  needsSource: true,
  read: ({ state }) => state.programs?.cpuPercent ?? null,
});
