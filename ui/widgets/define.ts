/** Registers an element once: another copy of the library on the same page does no harm. */

/** Defines a custom element unless its name is taken. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
