/** Whether anything is wrong with the hub, with the reasons as sentences. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'hub',
  title: 'Problem',
  description: 'On while something is wrong; the reasons are attributes.',
  platform: 'binary_sensor',
  deviceClass: 'problem',
  category: 'diagnostic',
  document: 'health',
  read: state => state.problems.length > 0,
  attributes: state => ({ reasons: state.problems }),
});
