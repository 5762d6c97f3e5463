/** Memory that the hub's process holds. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Memory used',
  description: 'Memory that the hub holds, in MiB.',
  platform: 'sensor',
  deviceClass: 'data_size',
  stateClass: 'measurement',
  unit: 'MiB',
  precision: 0,
  category: 'diagnostic',
  isEnabledByDefault: false,
  document: 'health',
  field: 'memory_mib',
  read: state => Math.round(state.memoryMiB),
});
