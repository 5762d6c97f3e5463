/** Statuses and events as people say them; colour is never the only sign. */
import { isSteady } from './schedule-words.ts';
import type { HubEvent, Schedule, SourceState } from './shapes.ts';

/** How a status looks: the word and the tone that picks colour and shape. */
export interface StatusLook {
  word: string;
  tone: 'good' | 'warn' | 'bad' | 'off' | 'wait';
}

/** The word and tone of a state; nothing known yet reads as starting. */
export function statusLook(state: SourceState | undefined, schedule: Schedule): StatusLook {
  switch (state?.status) {
    case 'ok':
      // On demand it is well only while somebody looks: else it is asleep.
      return { word: isSteady(schedule) ? 'Live' : 'Up to date', tone: 'good' };
    case 'waiting':
      return { word: 'Waiting', tone: 'wait' };
    case 'asleep':
      return { word: 'Asleep', tone: 'off' };
    case 'degraded':
      return { word: 'Unsteady', tone: 'warn' };
    case 'error':
      return { word: 'No picture', tone: 'bad' };
    case 'disabled':
      return { word: 'Off', tone: 'off' };
    default:
      return { word: 'Starting', tone: 'wait' };
  }
}

/** True while a source that sleeps until somebody looks has no picture of now. */
export function isWaking(state: SourceState | undefined, schedule: Schedule): boolean {
  return schedule === 'on-demand' && (state?.status === 'asleep' || state?.status === 'starting');
}

/** What kind of thing happened, in words. */
export const EVENT_WORDS: Record<HubEvent['type'], string> = {
  source_lost: 'Picture lost',
  source_recovered: 'Picture is back',
  load_failed: 'Page failed to load',
  load_recovered: 'Page loads again',
  camera_motion: 'Motion',
  changed: 'Page changed',
};

/** Whether an event is good news. */
export function isGoodNews(type: HubEvent['type']): boolean {
  return type === 'source_recovered' || type === 'load_recovered';
}

/** Whether an event is neither good nor bad: something moved or changed. */
export function isPlainNews(type: HubEvent['type']): boolean {
  return type === 'camera_motion' || type === 'changed';
}

/** One sentence on the whole wall: `All 6 sources are fine`, or on the one or two that hang there. */
export function wallSentence(states: ReadonlyArray<SourceState | undefined>): string {
  const active = states.filter(state => state?.status !== 'disabled');
  const failing = active.filter(state => state?.status === 'error').length;
  if (states.length === 0) return 'Nothing to watch yet';
  if (active.length === 0) return isAllOff(states) ? 'Everything is switched off' : 'Everything is at rest';
  if (failing === 0) {
    if (active.some(state => state === undefined || state.status === 'starting')) return 'Waking up…';
    return fineSentence(active.length);
  }
  return `${failing} of ${active.length} ${failing === 1 ? 'needs' : 'need'} a look`;
}

function fineSentence(count: number): string {
  if (count === 1) return 'Your source is fine';
  return count === 2 ? 'Both sources are fine' : `All ${count} sources are fine`;
}

/** Paused, or in safe mode, is not switched off. */
function isAllOff(states: ReadonlyArray<SourceState | undefined>): boolean {
  return states.every(state => state?.reason === 'Switched off');
}
