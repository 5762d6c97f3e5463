/** Secrets at rest: AES-256-GCM under a key derived from SECRET_KEY, and tokens that are stored as hashes. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { GlimpserError } from './errors.ts';

const PREFIX = 'enc:v1:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals and opens short texts. */
export interface SecretBox {
  /** `enc:v1:<base64>` of a text, whatever it looks like. */
  seal(text: string): string;
  /** The text. Throws `secret-unreadable` under another key, and for what no box sealed. */
  open(sealed: string): string;
  /** A 32-byte key for another purpose (`jwt`, `media`), derived from the same secret. */
  derive(purpose: string): Buffer;
}

/** True for text that looks as if a box had sealed it. */
export function isSealed(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Makes the box of a hub from its SECRET_KEY. */
export function createSecretBox(secretKey: string): SecretBox {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secretKey, 'glimpser', `glimpser/${purpose}`, 32));
  const key = derive('settings');
  return { seal: text => seal(key, text), open: text => open(key, text), derive };
}

function seal(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function open(key: Buffer, sealed: string): string {
  const raw = Buffer.from(isSealed(sealed) ? sealed.slice(PREFIX.length) : '', 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(raw.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const body = decipher.update(raw.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([body, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new GlimpserError(
      'secret-unreadable',
      'A stored secret was sealed under another SECRET_KEY. Start with the old key, or enter the secret again.',
      { cause },
    );
  }
}

/** A random token for links, keys and sessions: 32 bytes as base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token. Tokens are random, so one plain hash is enough. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares two texts in constant time. */
export function isSameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
