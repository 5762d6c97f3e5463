/** Safe mode: after restarts in a circle the hub stays up and looks at no source until somebody says so, or half an hour passed. */

/** The safe mode that the hub is in. */
export interface SafeMode {
  /** ISO time. */
  since: string;
  /** Why, and how to go on, in words for everybody. */
  reason: string;
  /** When sources are started again by themselves; ISO time. */
  triesAgainAt: string;
}
