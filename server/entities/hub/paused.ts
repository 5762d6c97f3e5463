/** Pauses every source at once. */
import { defineEntity } from '#entities/kind.ts';
import { readSwitch } from '#model/entity-value.ts';

export default defineEntity({
  of: 'hub',
  title: 'Pause captures',
  description: 'While this is on, no source is looked at.',
  platform: 'switch',
  icon: 'mdi:pause-circle-outline',
  category: 'config',
  entityId: 'pause',
  document: 'info',
  request: 'pause',
  read: state => state.isPaused,
  write: value => ({ do: 'pause', isPaused: readSwitch(value) }),
});
