/** Restarts the hub. */
import { defineEntity } from '#entities/kind.ts';
import { readPress } from '#model/entity-value.ts';

export default defineEntity({
  of: 'hub',
  title: 'Restart',
  description: 'Ends the hub so that its supervisor starts it again.',
  platform: 'button',
  deviceClass: 'restart',
  category: 'config',
  request: 'restart',
  read: () => null,
  write: value => {
    readPress(value);
    return { do: 'restart-hub' };
  },
});
