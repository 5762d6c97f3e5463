/** Passwords: argon2id by Node itself, stored as PHC strings, compared in constant time. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';

const derive = promisify(argon2);

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** A password that is chosen now. */
export const newPasswordSchema = z
  .string()
  .min(8, 'must have at least 8 characters')
  .max(200, 'must have at most 200 characters')
  .describe('At least 8 characters');

/** A password that was chosen before, whatever the rules were then. */
export const givenPasswordSchema = z.string().min(1, 'must not be empty').max(200);

/** `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await run(password, { salt, memory: MEMORY_KIB, passes: PASSES, lanes: LANES }, HASH_BYTES);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${written(salt)}$${written(hash)}`;
}

/** True when the password has this hash. Without a hash it takes as long and is false. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const found = PHC.exec(stored ?? '');
  if (!found) {
    await hashPassword(password);
    return false;
  }
  const [, memory, passes, lanes, salt = '', hash = ''] = found;
  const wanted = Buffer.from(hash, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const given = await run(password, { salt: Buffer.from(salt, 'base64'), ...cost }, wanted.length);
  return timingSafeEqual(given, wanted);
}

interface Cost {
  salt: Buffer;
  memory: number;
  passes: number;
  lanes: number;
}

function run(password: string, { salt, memory, passes, lanes }: Cost, tagLength: number): Promise<Buffer> {
  const message = password.normalize('NFKC');
  return derive('argon2id', { message, nonce: salt, memory, passes, parallelism: lanes, tagLength });
}

function written(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
