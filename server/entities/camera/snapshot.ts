/** Takes a picture now and keeps it. */
import { defineEntity } from '#entities/kind.ts';
import { readPress } from '#model/entity-value.ts';

export default defineEntity({
  of: 'source',
  title: 'Take snapshot',
  description: 'Takes a picture now and keeps it.',
  platform: 'button',
  icon: 'mdi:camera',
  needsSource: true,
  read: () => null,
  write(value, view) {
    readPress(value);
    return { do: 'capture', sourceId: view.source.id };
  },
});
