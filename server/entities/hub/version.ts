/** Which version of the hub runs. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Version',
  description: 'Version of the hub that runs.',
  platform: 'sensor',
  category: 'diagnostic',
  document: 'info',
  read: state => state.version,
});
