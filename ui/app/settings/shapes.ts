/** What only the settings read of the hub. */

/** Roles from least to most. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
/** A role. */
export type Role = (typeof ROLES)[number];

/** Roles as people read them. */
export const ROLE_WORDS: Record<Role, { name: string; may: string }> = {
  viewer: { name: 'Viewer', may: 'Looks at pictures and events.' },
  operator: { name: 'Operator', may: 'Also takes pictures and switches sources on and off.' },
  admin: { name: 'Admin', may: 'May do everything.' },
};

/** Somebody who can log in. */
export interface User {
  id: string;
  name: string;
  role: Role;
  groups: string[] | null;
  createdAt: string;
  lastSeenAt: string | null;
}

/** A key for another program; its secret is shown once. */
export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  groups: string[] | null;
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** A login on some device. */
export interface Session {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  address: string;
  agent: string;
  isCurrent: boolean;
}

/** A kept version of the settings file. */
export interface SettingsVersion {
  id: string;
  at: string;
  bytes: number;
}

/** The hub at a glance. */
export interface HubInfo {
  name: string;
  version: string;
  instance: string;
  startedAt: string;
  node: string;
  isPaused: boolean;
  problems: string[];
  sources: { total: number; online: number; failed: number };
  storageBytes: number;
}
