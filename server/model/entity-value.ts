/** What people may send to an entity, read strictly: a wrong value changes nothing and gets a sentence. */
import { GlimpserError } from '#base/errors.ts';

/** True for `ON`, false for `OFF`; throws `body-invalid` for anything else. */
export function readSwitch(value: string): boolean {
  if (value === 'ON') return true;
  if (value === 'OFF') return false;
  throw refused(value, 'Send ON or OFF.');
}

/** Throws `body-invalid` unless the value is `PRESS`. */
export function readPress(value: string): void {
  if (value !== 'PRESS') throw refused(value, 'Send PRESS.');
}

/** A decimal number within the range; throws `body-invalid` for anything else. */
export function readNumber(value: string, range: { min: number; max: number }): number {
  const number = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw refused(value, `Send a number from ${range.min} to ${range.max}.`);
}

/** One of the options; throws `body-invalid` for anything else. */
export function readOption<Option extends string>(value: string, options: readonly Option[]): Option {
  const found = options.find(option => option === value);
  if (found !== undefined) return found;
  throw refused(value, `Send one of: ${options.join(', ')}.`);
}

function refused(value: string, advice: string): GlimpserError {
  return new GlimpserError('body-invalid', `“${value.slice(0, 40)}” is not a value for this. ${advice}`);
}
