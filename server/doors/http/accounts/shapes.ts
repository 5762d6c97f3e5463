/** Accounts as the API shows and takes them. */
import { z } from 'zod';
import { ROLES, userSchema } from '#model/user.ts';
import { newPasswordSchema } from './password.ts';

/** By these names the audit calls who is no user. */
const RESERVED = new Set(['hub', 'mqtt', 'homeassistant', 'nobody']);

function isReserved(name: string): boolean {
  return RESERVED.has(
    name
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[\s_-]/g, ''),
  );
}

/** The name of a user. A colon would end it in a Basic login. */
export const userNameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60, 'must have at most 60 characters')
  .regex(/^[^:\p{C}]+$/u, 'must not hold a colon or control characters')
  .refine(name => !isReserved(name), 'is what the hub calls itself or its peers; choose another name')
  .describe('Name to log in with');

const groupsSchema = z
  .array(z.string().min(1).max(32))
  .max(100)
  .nullable()
  .describe('Groups to be limited to; null: all');

const roleSchema = z.enum(ROLES).describe('What may be done');

/** What a new user is made of. */
export const userDraftSchema = z
  .strictObject({
    name: userNameSchema,
    role: roleSchema,
    groups: groupsSchema.default(null),
    password: newPasswordSchema,
  })
  .meta({ id: 'UserDraft' });

/** What may be changed of a user. */
export const userChangeSchema = z
  .strictObject({
    name: userNameSchema.optional(),
    role: roleSchema.optional(),
    groups: groupsSchema.optional(),
    password: newPasswordSchema.optional(),
  })
  .meta({ id: 'UserChange' });

const keyNameSchema = z.string().trim().min(1).max(60).describe('What the key is for');

/** What a new key is made of. */
export const keyDraftSchema = z
  .strictObject({ name: keyNameSchema, role: roleSchema, groups: groupsSchema.default(null) })
  .meta({ id: 'ApiKeyDraft' });

/** What may be changed of a key. */
export const keyChangeSchema = z
  .strictObject({
    name: keyNameSchema.optional(),
    role: roleSchema.optional(),
    groups: groupsSchema.optional(),
  })
  .meta({ id: 'ApiKeyChange' });

/** A key as admins see it. */
export const apiKeySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('Its first characters, to tell keys apart'),
    role: roleSchema,
    groups: groupsSchema,
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

const tokensShape = {
  token: z.string().describe('For the header Authorization: Bearer …'),
  expiresAt: z.string(),
  refreshToken: z.string().describe('Gets the next token, once'),
};

/** A bearer token and what renews it. */
export const tokensSchema = z.strictObject(tokensShape).meta({ id: 'Tokens' });

/** What a login answers; browsers also get a cookie. */
export const loginSchema = z.strictObject({ user: userSchema, ...tokensShape }).meta({ id: 'Login' });

/** Who a request comes from. */
export const meSchema = z
  .strictObject({
    name: z.string(),
    role: roleSchema,
    groups: groupsSchema,
    by: z.enum(['cookie', 'bearer', 'key', 'token', 'ingress']),
    userId: z.string().nullable(),
    sessionId: z.string().nullable(),
    user: userSchema.nullable(),
  })
  .meta({ id: 'Me' });

/** A login as its owner sees it. */
export const sessionSchema = z
  .strictObject({
    id: z.string(),
    createdAt: z.string(),
    lastSeenAt: z.string(),
    expiresAt: z.string(),
    address: z.string(),
    agent: z.string(),
    isCurrent: z.boolean(),
  })
  .meta({ id: 'Session' });
