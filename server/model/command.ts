/** Commands: what people ask of the hub from MQTT, REST or a page; one closed list, carried out in one place. */
import type { LogLevel } from '#base/log.ts';

/** Everything that can be asked for. */
export type Command =
  | { do: 'pause'; isPaused: boolean }
  | { do: 'restart-hub' }
  | { do: 'leave-safe-mode' }
  | { do: 'set-log-level'; level: LogLevel }
  | { do: 'enable'; sourceId: string; isEnabled: boolean }
  | { do: 'set-interval'; sourceId: string; ms: number }
  | { do: 'capture'; sourceId: string }
  | { do: 'reconnect'; sourceId: string }
  | { do: 'ptz-go'; sourceId: string; preset: string };

/** Carries a command out; rejects with a sentence when it cannot. `who` and the id of it go to the audit. */
export type Commander = (command: Command, who: string, whoId?: string | null) => Promise<void>;
