/** The log as people read it on a terminal: one short line with time, level and sentence. */
import { styleText } from 'node:util';

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warning', 50: 'error' };
const STYLES = { debug: 'dim', info: 'cyan', warning: 'yellow', error: 'red' } as const;

interface Line {
  level: number;
  time: string;
  msg: string;
  error?: unknown;
}

/** Turns a JSON line of the log into `10:04:12  info     Sentence`; `isColourful` paints the level. */
export function terminalLine(json: string, isColourful: boolean): string {
  const { level, time, msg, error } = JSON.parse(json) as Line;
  const word = LEVELS[level] ?? 'info';
  const shown = word.padEnd(7);
  const style = STYLES[word as keyof typeof STYLES];
  const painted = isColourful ? styleText(style, shown, { validateStream: false }) : shown;
  return `${new Date(time).toTimeString().slice(0, 8)}  ${painted}  ${msg}${cause(msg, error)}\n`;
}

/** The first line of an error that the sentence does not tell already. */
function cause(sentence: string, error: unknown): string {
  const first = typeof error === 'string' ? (error.split('\n')[0] ?? '') : '';
  const bare = first.replace(/^\w*Error: /, '');
  return bare === '' || sentence.includes(bare) ? '' : ` (${first})`;
}

/** Writes lines for people when standard output is a terminal; undefined where programs read it. */
export function terminalWriter(
  output: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; hasColors?: () => boolean },
): ((json: string) => void) | undefined {
  if (!output.isTTY) return undefined;
  const isColourful = output.hasColors?.() ?? false;
  return json => void output.write(terminalLine(json, isColourful));
}
