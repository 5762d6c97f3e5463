/** Who may do what: roles in order, users, and the identity that a request carries. */
import { z } from 'zod';

/** Roles from least to most. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** A role. */
export type Role = (typeof ROLES)[number];

/** A user as the API shows it. */
export const userSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    groups: z.array(z.string()).nullable().describe('Groups that the user is limited to; null: all'),
    createdAt: z.string(),
    lastSeenAt: z.string().nullable(),
  })
  .meta({ id: 'User' });

/** A user. */
export type User = z.output<typeof userSchema>;

/** Who a request comes from, however it proved that. */
export interface Identity {
  /** Shown in the audit: a user's name, `key:<name>` or `ingress:<name>`. */
  name: string;
  userId: string | null;
  role: Role;
  /** Groups the identity is limited to; null: all. Admins are never limited. */
  groups: string[] | null;
  /** How it proved itself; only `cookie` and `ingress` need the same-origin check. */
  by: 'cookie' | 'bearer' | 'key' | 'token' | 'ingress';
  sessionId: string | null;
  /** The id in Home Assistant of who came through it. */
  ingressUserId?: string;
  /** The stored API key that was shown, if it was one. */
  keyId?: string;
}

/** By what the audit knows somebody whose name may change; null for who has no id. */
export function idOf(who: Identity | User | { name: string }): string | null {
  if ('userId' in who) return who.userId ?? who.keyId ?? who.ingressUserId ?? null;
  return 'id' in who ? who.id : null;
}

/** True when a role includes another. */
export function includesRole(has: Role, needs: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needs);
}

/** True when an identity sees every group, so that what concerns all of them may be its business. */
export function isUnlimited(identity: Pick<Identity, 'role' | 'groups'>): boolean {
  return identity.role === 'admin' || identity.groups === null;
}

/** True when an identity may see something in these groups. */
export function maySee(identity: Pick<Identity, 'role' | 'groups'>, groups: readonly string[]): boolean {
  return isUnlimited(identity) || groups.some(group => identity.groups?.includes(group));
}
