/** Switches a source on and off. */
import { defineEntity } from '#entities/kind.ts';
import { readSwitch } from '#model/entity-value.ts';

export default defineEntity({
  of: 'source',
  title: 'Enabled',
  description: 'While this is off, nothing is fetched.',
  platform: 'switch',
  category: 'config',
  needsSource: false,
  read: view => view.source.enabled,
  write: (value, view) => ({ do: 'enable', sourceId: view.source.id, isEnabled: readSwitch(value) }),
});
