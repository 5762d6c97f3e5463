/** Who may play streams: what the door asks the rest of the hub. */

/** Somebody who has logged in. */
export interface Viewer {
  name: string;
  sees(sourceId: string): boolean;
  /** The same person as things stand now; undefined once the login was withdrawn or its password changed. */
  renewed(): Promise<Viewer | undefined>;
}

/** Somebody who has a password for streams. */
export interface StreamUser extends Viewer {
  /** In clear: Digest cannot be checked with less. */
  secret: string;
}

/** The logins of streams. Asked at each request, so that a change counts at once. */
export interface StreamLogins {
  /** The user of this name; undefined when there is none, or none with a password for streams. */
  lookup(username: string): StreamUser | undefined;
  /** Checks any other password that a user may have, as slowly as it takes; undefined when it is wrong. */
  checkBasic(username: string, password: string, address: string): Promise<Viewer | undefined>;
}
