/** Ends the connection to a camera and starts it afresh. */
import { defineEntity } from '#entities/kind.ts';
import { readPress } from '#model/entity-value.ts';

export default defineEntity({
  of: 'source',
  title: 'Reconnect',
  description: 'Ends the connection to the camera and starts it afresh, without waiting.',
  platform: 'button',
  deviceClass: 'restart',
  category: 'diagnostic',
  isEnabledByDefault: false,
  needsSource: false,
  read: () => null,
  write(value, view) {
    readPress(value);
    return { do: 'reconnect', sourceId: view.source.id };
  },
});
