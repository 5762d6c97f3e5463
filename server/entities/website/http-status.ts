/** The status that a page's server answered with. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'HTTP status',
  description: 'The status that the server of the page answered with, such as 200.',
  platform: 'sensor',
  icon: 'mdi:web',
  category: 'diagnostic',
  needsSource: false,
  read: view => view.state.page?.httpStatus ?? null,
});
