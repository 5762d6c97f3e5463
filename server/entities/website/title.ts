/** The title of a page. */
import { defineEntity } from '#entities/kind.ts';

const LONGEST = 255;

export default defineEntity({
  of: 'source',
  title: 'Page title',
  description: 'The title of the page, cut to 255 characters; empty while it is not known.',
  platform: 'sensor',
  icon: 'mdi:format-title',
  category: 'diagnostic',
  isEnabledByDefault: false,
  maxLength: LONGEST,
  needsSource: true,
  // Counted in whole characters: half of a surrogate pair would not be valid text.
  read: view =>
    Array.from(view.state.page?.title ?? '')
      .slice(0, LONGEST)
      .join(''),
});
