/** Signals of the bus as messages for clients: what is told, to whom, and in which words for whom. */
import type { SignalTold } from '#base/bus.ts';
import type { Signals } from '#model/signals.ts';
import type { Source } from '#model/source.ts';
import { type Identity, includesRole, maySee, type Role } from '#model/user.ts';

/** Whom a message is for. */
export type Seer = Pick<Identity, 'role' | 'groups'>;

/** A message for one client. */
export interface Told {
  signal: string;
  payload: object;
}

/** What a client is told of one signal; undefined: nothing. */
export type Teller = (who: Seer) => Told | undefined;

/** What tellers need to know. */
export interface TellerParts {
  find(sourceId: string): Source | undefined;
  /** A source without what this person may not read. */
  shown(who: Seer, source: Source): Source;
}

/** The teller of a signal; undefined for signals that stay inside. */
export function tellerOf(told: SignalTold<Signals>, parts: TellerParts): Teller | undefined {
  const { signal, payload } = told;
  switch (signal) {
    case 'source.added':
    case 'source.changed':
    case 'source.removed':
      return sourceTeller(told, parts);
    case 'state.changed':
      return seen(parts, payload.state.sourceId, { signal, payload: { state: payload.state } });
    case 'event.opened':
    case 'event.closed':
      return seen(parts, payload.event.sourceId, { signal, payload });
    case 'viewers.changed':
      return seen(parts, payload.sourceId, { signal, payload });
    case 'capture.kept':
      return seen(parts, payload.capture.sourceId, { signal, payload }, 'pictures');
    case 'capture.forgotten':
      return seen(parts, payload.sourceId, { signal, payload }, 'pictures');
    case 'safe-mode.left':
      return atLeast('viewer', { signal, payload });
    case 'mqtt.changed':
      return atLeast('operator', { signal, payload });
    case 'settings.refused':
      return atLeast('admin', { signal, payload });
    case 'settings.changed': {
      const { preferences, groups } = payload.settings;
      return atLeast('admin', { signal, payload: { preferences, groups } });
    }
    default:
      return undefined;
  }
}

function atLeast(role: Role, told: Told): Teller {
  return who => (includesRole(who.role, role) ? told : undefined);
}

/** Both as the source was when it was told and as it is now: a replay must not show what was hidden since. */
function seen(
  parts: TellerParts,
  sourceId: string,
  told: Told,
  what: 'facts' | 'pictures' = 'facts',
): Teller {
  const then = parts.find(sourceId);
  return who => {
    const sources = [then, parts.find(sourceId)].filter(source => source !== undefined);
    const isSeen = sources.length > 0 || who.role === 'admin';
    return isSeen && sources.every(source => sees(who, source, what)) ? told : undefined;
  };
}

function sees(who: Seer, source: Source, what: 'facts' | 'pictures'): boolean {
  const isOpen = what === 'facts' || who.role === 'admin' || !source.privacy.hidden;
  return isOpen && maySee(who, source.groups);
}

type SourceTold = Extract<
  SignalTold<Signals>,
  { signal: 'source.added' | 'source.changed' | 'source.removed' }
>;

/** A source that moves into or out of somebody's groups is added or removed for them. */
function sourceTeller(told: SourceTold, parts: TellerParts): Teller {
  const { source } = told.payload;
  const before = told.signal === 'source.changed' ? told.payload.before : undefined;
  const removed = { signal: 'source.removed', payload: { sourceId: source.id } };
  return who => {
    const now = told.signal === 'source.removed' ? undefined : parts.find(source.id);
    const isSeen = maySee(who, source.groups) && (now === undefined || maySee(who, now.groups));
    const wasSeen = before !== undefined && maySee(who, before.groups);
    if (told.signal === 'source.removed') return isSeen ? removed : undefined;
    if (!isSeen) return wasSeen ? removed : undefined;
    const signal = told.signal === 'source.changed' && wasSeen ? 'source.changed' : 'source.added';
    return { signal, payload: { source: parts.shown(who, source) } };
  };
}
