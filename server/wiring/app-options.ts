/** The options of the Home Assistant app, which the Supervisor writes into a file, as variables of the environment. */
import { readFile } from 'node:fs/promises';
import { GlimpserError, sentenceOf } from '#base/errors.ts';

/** Variables by name; none when there is no file. Throws `config-invalid` for a file that is not whole. */
export async function readAppOptions(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '{}';
    throw wrong(file, `cannot be read (${thrown.code ?? thrown.message})`, thrown);
  });
  const given = Object.entries(parse(text, file)).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name.toUpperCase(), String(value)]));
}

function parse(text: string, file: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    throw wrong(file, `is not whole JSON (${sentenceOf(thrown)})`, thrown);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw wrong(file, 'does not hold a JSON object', undefined);
}

function wrong(file: string, what: string, cause: unknown): GlimpserError {
  return new GlimpserError(
    'config-invalid',
    `${file}, where Home Assistant keeps the options of this app, ${what}. Open the app’s Configuration in Home Assistant, save it again, and start the app.`,
    { cause },
  );
}
