/** Takes a picture of a page now and keeps it. */
import { defineEntity } from '#entities/kind.ts';
import { readPress } from '#model/entity-value.ts';

export default defineEntity({
  of: 'source',
  title: 'Refresh',
  description: 'Takes a picture of the page now and keeps it.',
  platform: 'button',
  icon: 'mdi:refresh',
  needsSource: false,
  read: () => null,
  write(value, view) {
    readPress(value);
    return { do: 'capture', sourceId: view.source.id };
  },
});
