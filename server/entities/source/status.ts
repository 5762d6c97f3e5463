/** How a source is doing, in one word; the reason in words is an attribute. */
import { defineEntity } from '#entities/kind.ts';
import { SOURCE_STATUSES } from '#model/state.ts';

export default defineEntity({
  of: 'source',
  title: 'Status',
  description: 'starting, waiting, ok, asleep, degraded, error or disabled; the reason is an attribute.',
  platform: 'sensor',
  deviceClass: 'enum',
  options: SOURCE_STATUSES,
  category: 'diagnostic',
  needsSource: false,
  read: view => view.state.status,
  attributes: ({ state }) => ({ reason: state.reason, code: state.code, since: state.since }),
});
