/** Disk space that kept pictures take. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Storage used',
  description: 'Disk space that kept pictures take, in GiB.',
  platform: 'sensor',
  deviceClass: 'data_size',
  stateClass: 'measurement',
  unit: 'GiB',
  precision: 1,
  category: 'diagnostic',
  isEnabledByDefault: false,
  document: 'health',
  field: 'storage_gib',
  read: state => Math.round(state.storageGiB * 100) / 100,
});
