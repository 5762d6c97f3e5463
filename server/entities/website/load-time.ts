/** How long a page takes until it is ready. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Load time',
  description: 'From opening the page until it was ready, in milliseconds.',
  platform: 'sensor',
  deviceClass: 'duration',
  stateClass: 'measurement',
  unit: 'ms',
  category: 'diagnostic',
  isEnabledByDefault: false,
  field: 'load_ms',
  needsSource: true,
  read: view => view.state.page?.loadMs ?? null,
});
