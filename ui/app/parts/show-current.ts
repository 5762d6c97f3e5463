/** Keeps the entry where one is in view, in lists that scroll sideways on phones. */

/** Scrolls a list so that its current entry is seen; the page itself stays where it is. */
export function showCurrent(list: Element | null): void {
  const current = list?.querySelector<HTMLElement>('[aria-current]');
  if (!list || !current || list.scrollWidth <= list.clientWidth) return;
  const listBox = list.getBoundingClientRect();
  const box = current.getBoundingClientRect();
  list.scrollLeft += box.left + box.width / 2 - (listBox.left + listBox.width / 2);
}
