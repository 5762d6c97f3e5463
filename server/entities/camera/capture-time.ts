/** How long the last capture took, for cameras that give single pictures. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Capture time',
  description: 'How long the last capture took, in milliseconds.',
  platform: 'sensor',
  deviceClass: 'duration',
  stateClass: 'measurement',
  unit: 'ms',
  category: 'diagnostic',
  isEnabledByDefault: false,
  field: 'capture_ms',
  needsSource: true,
  read: view => view.state.captureMs,
});
