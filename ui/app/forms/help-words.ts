/** The line below a field: only where it says more than the label. */
import type { Field } from './fields.ts';

/** Words that say nothing beside a label: `Password of the camera` below `Password`. */
const FILLERS = new Set(
  [
    'a an the of for it its this that to in on at by is are be here when if ask asks one',
    'camera page source server picture pictures',
  ]
    .join(' ')
    .split(' '),
);

/** The help of a field; empty when it would only say the label again. */
export function helpOf({ help, label, type }: Pick<Field, 'help' | 'label' | 'type'>): string {
  const words = saysMore(label, help) ? withStop(withoutLabel(label, help)) : '';
  return type === 'list' ? `${words} One a line.`.trim() : words;
}

/** True when a text has words that the label has not. */
export function saysMore(label: string, text: string): boolean {
  const known = new Set(wordsOf(label));
  return wordsOf(text).some(word => !known.has(word) && !FILLERS.has(word));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** `JPEG quality, 1 to 100` below `JPEG quality` is `1 to 100`. */
function withoutLabel(label: string, help: string): string {
  if (!help.toLowerCase().startsWith(label.toLowerCase())) return help;
  const [, rest] = /^[.,:;]\s+(.+)$/s.exec(help.slice(label.length)) ?? [];
  return rest === undefined ? help : rest.charAt(0).toUpperCase() + rest.slice(1);
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
