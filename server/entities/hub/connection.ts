/** Whether the hub is connected to its broker. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Connection',
  description: 'On while the hub is connected to the broker.',
  platform: 'binary_sensor',
  deviceClass: 'connectivity',
  category: 'diagnostic',
  read: state => state.mqtt.status === 'online',
});
