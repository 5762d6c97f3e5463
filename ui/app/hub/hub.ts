/** The app's one view of the hub: loads it, keeps it right by the live link, and knows who is logged in. */
import { movieOf } from '#app/addresses.ts';
import { browserHands } from '#app/net/browser-hands.ts';
import { LiveLink } from '#app/net/live.ts';
import type { LiveMessage } from '#app/net/live-steps.ts';
import { list, onLostLogin, request } from '#app/net/request.ts';
import type { MovieAddresses } from '#widgets/movie-support.ts';
import type { Group, KindInfo, MqttState, Source, SourceState } from '#widgets/shapes.ts';
import { applyMessage, changesVideo, type HubData, type Me, UNKNOWN } from './data.ts';
import { forget, recall, rememberNowAndThen } from './memory.ts';
import { Store } from './store.ts';

const VIDEO_WAIT_MS = 500;

/** What everyone watches. */
export const hub = new Store<HubData>({ ...UNKNOWN, ...recall(localStorage, document.baseURI) });

const listeners = new Set<(message: LiveMessage) => void>();

const link = new LiveLink(browserHands(poll), {
  message: take,
  reachable: isReachable => {
    if (isReachable !== hub.value.isReachable) hub.set({ isReachable });
    if (!isReachable) void checkAccess();
  },
});

/** Calls back with every live message; returns how to stop. */
export function onLive(call: (message: LiveMessage) => void): () => void {
  listeners.add(call);
  return () => listeners.delete(call);
}

/** True when the person may do what the role may. */
export function may(role: Me['role']): boolean {
  const order = ['viewer', 'operator', 'admin'];
  return order.indexOf(hub.value.me?.role ?? '') >= order.indexOf(role);
}

/** Finds a source by its id. */
export function sourceOf(id: string): Source | undefined {
  return hub.value.sources.find(source => source.id === id);
}

/** Takes over a source that the hub just answered, before the live link tells of it. */
export function applySource(source: Source): void {
  hub.set(applyMessage(hub.value, { id: 0, signal: 'source.changed', payload: { source } }));
}

/** The movie of a source that sends video itself; undefined for all others, which would have to be encoded. */
export function movieFor(sourceId: string): MovieAddresses | undefined {
  return hub.value.withVideo.includes(sourceId) ? movieOf(sourceId) : undefined;
}

/** The family of a source's kind. */
export function familyOf(source: Source): 'camera' | 'website' {
  const known = hub.value.kinds.find(kind => kind.id === source.kind);
  return known?.family ?? (source.kind === 'website' ? 'website' : 'camera');
}

/** Asks who may see what, then loads everything and opens the link. Called at start and after a login. */
export async function openHub(): Promise<void> {
  hub.watch(rememberNowAndThen(localStorage, document.baseURI, () => hub.value));
  onLostLogin(() => shut('login'));
  addEventListener('online', () => link.hurry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') link.hurry();
  });
  await enter();
}

/** Looks at the login and, when there is one, loads the hub. */
export async function enter(): Promise<void> {
  if (!(await checkAccess())) return;
  if (hub.value.access !== 'in') return;
  link.start();
  await Promise.all([loadMe(), loadWall(), loadKinds()]).catch(() => link.hurry());
}

/** Loads sources, states and groups anew. */
export async function loadWall(): Promise<void> {
  const [sources, states, groups] = await Promise.all([
    list<Source>('api/sources'),
    list<SourceState>('api/states'),
    list<Group>('api/groups'),
  ]);
  const byId = Object.fromEntries(states.map(state => [state.sourceId, state]));
  hub.set({ sources, states: byId, groups, isLoaded: true, isReachable: true, seenAt: Date.now() });
  await loadVideos();
}

/** Learns anew who sends video itself: a camera tells only when it is reached. */
async function loadVideos(): Promise<void> {
  const streams = await list<{ id: string; hasVideo: boolean }>('api/streams');
  const withVideo = streams.filter(stream => stream.hasVideo).map(({ id }) => id);
  if (withVideo.join() !== hub.value.withVideo.join()) hub.set({ withVideo });
}

let isVideoLate = false;

/** Many sources may come back at once; one question is enough for all. */
function loadVideosSoon(): void {
  if (isVideoLate) return;
  isVideoLate = true;
  setTimeout(() => {
    isVideoLate = false;
    // Without an answer pictures stay as they are; the next change asks again.
    loadVideos().catch(() => link.hurry());
  }, VIDEO_WAIT_MS);
}

/** Loads how the hub stands with MQTT; operators only. */
export async function loadMqtt(): Promise<void> {
  hub.set({ mqtt: await request<MqttState>('GET', 'api/mqtt') });
}

/** Ends the session and forgets what this device remembers. */
export async function leave(): Promise<void> {
  await request('POST', 'api/auth/logout');
  forget(localStorage, document.baseURI);
  shut('login');
}

async function loadMe(): Promise<void> {
  hub.set({ me: await request<Me>('GET', 'api/auth/me') });
  await loadInfo();
}

/** What a restart of the hub may change. */
async function loadInfo(): Promise<void> {
  const { isPaused, rtspPort, safeMode } = await request<Partial<HubData>>('GET', 'api/info');
  hub.set({ isPaused: isPaused === true, rtspPort: rtspPort ?? null, safeMode: safeMode ?? null });
}

async function loadKinds(): Promise<void> {
  hub.set({ kinds: await list<KindInfo>('api/sources/kinds') });
}

interface AuthState {
  isSetUp: boolean;
  isLoggedIn: boolean;
  name: string;
  version: string;
  isIngress: boolean;
}

/** Asks the hub who may see what; false when it does not answer. */
async function checkAccess(): Promise<boolean> {
  try {
    const { isSetUp, isLoggedIn, name, version, isIngress } = await request<AuthState>(
      'GET',
      'api/auth/state',
    );
    const access = isLoggedIn ? 'in' : isSetUp ? 'login' : 'setup';
    hub.set({ access, name, version, isIngress, isReachable: true });
    if (access !== 'in') shut(access);
    return true;
  } catch {
    // With something remembered the wall is shown as it was; the link goes on trying.
    hub.set({ isReachable: false, access: hub.value.access === 'unknown' ? 'in' : hub.value.access });
    link.start();
    return false;
  }
}

function shut(access: 'login' | 'setup'): void {
  link.stop();
  hub.set({
    ...UNKNOWN,
    access,
    name: hub.value.name,
    version: hub.value.version,
    isIngress: hub.value.isIngress,
  });
}

async function poll(): Promise<void> {
  await loadWall();
  await (hub.value.me ? loadInfo() : Promise.all([loadMe(), loadKinds()]));
}

function take(message: LiveMessage): void {
  const isBehind = message.signal === 'hello' && (message.payload as { missed?: boolean }).missed === true;
  if (isBehind || (message.signal === 'hello' && !hub.value.isLoaded)) poll().catch(() => link.hurry());
  if (changesVideo(hub.value, message)) loadVideosSoon();
  hub.set({ ...applyMessage(hub.value, message), seenAt: Date.now() });
  for (const call of listeners) call(message);
}
