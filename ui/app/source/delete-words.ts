/** What is said before a source is deleted. */

const GONE = 'Its kept pictures and events are deleted too, and it disappears from Home Assistant.';

/** What goes with it, and which others show it, by their names. */
export function deleteWords(choosers: readonly string[]): string {
  return [GONE, choosersWords(choosers), 'This cannot be undone.'].filter(words => words !== '').join(' ');
}

function choosersWords(choosers: readonly string[]): string {
  if (choosers.length === 0) return '';
  const names = new Intl.ListFormat('en').format(choosers.map(name => `“${name}”`));
  return `${names} ${choosers.length === 1 ? 'shows' : 'show'} it, too: its place there stays empty.`;
}
