/** What changed between two texts, by line and by word: Myers' algorithm, given up where texts have too little in common. */

/** A stretch that is the same, was removed or was added. */
export interface DiffPart {
  kind: 'same' | 'removed' | 'added';
  items: string[];
}

/** The answer. */
export interface TextDiff {
  parts: DiffPart[];
  /** False where the texts were too long or too different: then all between what begins and ends alike counts as replaced. */
  isExact: boolean;
}

/** Memory and time grow with the square of the edits; beyond, nobody reads them one by one. */
const MOST_EDITS = 1000;
const MOST_ITEMS = 20_000;

/** Compares line by line; how lines end does not matter. */
export function diffLines(before: string, after: string): TextDiff {
  return diffItems(linesOf(before), linesOf(after));
}

/** Compares word by word; the spaces between words are items, too, so that the parts joined give the texts back. */
export function diffWords(before: string, after: string): TextDiff {
  return diffItems(wordsOf(before), wordsOf(after));
}

/** The lines of a text; an empty text has none. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/\r\n|\r|\n/);
}

function wordsOf(text: string): string[] {
  return text.match(/\s+|[^\s]+/gu) ?? [];
}

/** Compares two lists. Parts come in order; what was removed stands before what was added in its place. */
export function diffItems(before: readonly string[], after: readonly string[]): TextDiff {
  const start = alike(before, after, Math.min(before.length, after.length), false);
  const end = alike(before, after, Math.min(before.length, after.length) - start, true);
  const one = before.slice(start, before.length - end);
  const other = after.slice(start, after.length - end);
  const parts = new Parts();
  parts.add('same', before.slice(0, start));
  const trace = one.length + other.length <= MOST_ITEMS ? traceOf(...numbered(one, other)) : undefined;
  if (trace) follow(trace, one, other, parts);
  else {
    parts.add('removed', one);
    parts.add('added', other);
  }
  parts.add('same', before.slice(before.length - end));
  return { parts: parts.list, isExact: trace !== undefined };
}

/** How many items are the same from the start, or from the end. */
function alike(
  before: readonly string[],
  after: readonly string[],
  most: number,
  isFromEnd: boolean,
): number {
  let count = 0;
  const at = (list: readonly string[]) => list[isFromEnd ? list.length - 1 - count : count];
  while (count < most && at(before) === at(after)) count++;
  return count;
}

/** Items as numbers: the same long line is compared many times. */
function numbered(one: readonly string[], other: readonly string[]): [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (item: string) => {
    const number = numbers.get(item) ?? numbers.size;
    numbers.set(item, number);
    return number;
  };
  return [Int32Array.from(one, numberOf), Int32Array.from(other, numberOf)];
}

/** How far each diagonal came after each number of edits; undefined when there are too many. */
function traceOf(one: Int32Array, other: Int32Array): Int32Array[] | undefined {
  const most = Math.min(MOST_EDITS, one.length + other.length);
  const trace: Int32Array[] = [];
  let before = Int32Array.of(0, 0, 0);
  for (let edits = 0; edits <= most; edits++) {
    const reached = new Int32Array(2 * edits + 3);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : stepOf(before, edits, diagonal).x;
      while (x < one.length && x - diagonal < other.length && one[x] === other[x - diagonal]) x++;
      reached[diagonal + edits + 1] = x;
      if (x >= one.length && x - diagonal >= other.length) return [...trace, reached];
    }
    trace.push(reached);
    before = reached;
  }
  return undefined;
}

/** From which diagonal of one edit less a diagonal is reached farthest, and where it then begins. */
function stepOf(before: Int32Array, edits: number, diagonal: number): { from: number; x: number } {
  // A list of so many edits has diagonal 0 in its middle, with one place to spare on both sides.
  const at = (other: number) => before[other + edits] ?? 0;
  const [down, right] = [at(diagonal + 1), at(diagonal - 1) + 1];
  const isDown = diagonal === -edits || (diagonal !== edits && right - 1 < down);
  return isDown ? { from: diagonal + 1, x: down } : { from: diagonal - 1, x: right };
}

/** Walks the trace back from its end and adds the parts in order. */
function follow(
  trace: readonly Int32Array[],
  one: readonly string[],
  other: readonly string[],
  parts: Parts,
) {
  const steps: Array<[DiffPart['kind'], string]> = [];
  let x = one.length;
  let y = other.length;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const diagonal = x - y;
    const step = stepOf(trace[edits - 1] ?? new Int32Array(), edits, diagonal);
    while (x > step.x && y > step.x - diagonal) {
      steps.push(['same', one[--x] ?? '']);
      y--;
    }
    if (step.from > diagonal) steps.push(['added', other[--y] ?? '']);
    else steps.push(['removed', one[--x] ?? '']);
  }
  while (x > 0) steps.push(['same', one[--x] ?? '']);
  for (const [kind, item] of steps.reverse()) parts.add(kind, [item]);
}

/** Joins parts of one kind, and keeps what was removed before what was added. */
class Parts {
  readonly list: DiffPart[] = [];

  add(kind: DiffPart['kind'], items: readonly string[]): void {
    if (items.length === 0) return;
    const last = this.list.at(-1);
    if (last?.kind === kind) append(last.items, items);
    else if (kind === 'removed' && last?.kind === 'added') this.#addBeforeAdded(items);
    else this.list.push({ kind, items: [...items] });
  }

  #addBeforeAdded(items: readonly string[]): void {
    const before = this.list.at(-2);
    if (before?.kind === 'removed') append(before.items, items);
    else this.list.splice(-1, 0, { kind: 'removed', items: [...items] });
  }
}

/** One by one: a call takes only so many arguments. */
function append(list: string[], items: readonly string[]): void {
  for (const item of items) list.push(item);
}
