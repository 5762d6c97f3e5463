/** Keeps us connected: chooses the broker, connects, waits, tries again, and says in words how it stands. */
import { type Clock, isoTime } from '#base/clock.ts';
import { formatDuration } from '#base/duration.ts';
import { asGlimpserError, type ErrorCode, isAbort } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { waits } from '#base/retry.ts';
import type { MqttState } from '#model/signals.ts';
import { type BrokerAddress, type Connection, openConnection } from './connection.ts';

/** What we say when we leave, or what the broker says for us. */
export const OFFLINE = 'offline';

const LOGIN_WAIT_MS = 5 * 60_000;
const PORT_WAIT_MS = 60_000;
const STABLE_MS = 60_000;
const GOODBYE_MS = 2000;

/** A broker to connect to. */
export interface Target {
  address: BrokerAddress;
  /** Added to the state's reason; starts with a space when not empty. */
  note: string;
}

/** What a link needs. */
export interface LinkParts {
  /** Finds the broker, and starts the built-in one when that is it. */
  choose(signal: AbortSignal): Promise<Target>;
  clientId: string;
  /** Topic that carries `online` and `offline`. */
  stateTopic: string;
  /** Called with each new connection; the signal fires when it is gone or about to be ended. Must not throw. */
  connected(connection: Connection, signal: AbortSignal): void;
  changed(state: MqttState): void;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** The state while MQTT is switched off. */
export function offState(clock: Clock): MqttState {
  const since = isoTime(clock.now());
  return {
    status: 'off',
    reason: 'MQTT is switched off in the settings.',
    broker: null,
    isBuiltIn: false,
    since,
  };
}

/** Stays connected until the signal fires; says goodbye then. Never rejects. */
export async function keepLinked(parts: LinkParts, signal: AbortSignal): Promise<void> {
  const tell = teller(parts);
  let tries = waits({ random: parts.random });
  tell('connecting', 'Connecting to the MQTT broker.');
  while (!signal.aborted) {
    const startedAt = parts.clock.monotonic();
    const waitMs = await oneTry(parts, tell, () => tries.next().value, signal);
    if (parts.clock.monotonic() - startedAt - waitMs >= STABLE_MS) tries = waits({ random: parts.random });
  }
}

type Tell = (status: MqttState['status'], reason: string, address?: BrokerAddress) => void;

/** Told once per change; the broker stays named while it is away. */
function teller({ changed, clock, log }: LinkParts): Tell {
  let last: MqttState = { status: 'off', reason: '', broker: null, isBuiltIn: false, since: '' };
  return (status, reason, address) => {
    if (last.status === status && last.reason === reason) return;
    const broker = address?.url ?? last.broker;
    const isBuiltIn = address ? address.givenBy === 'hub' : last.isBuiltIn;
    last = { status, reason, broker, isBuiltIn, since: isoTime(clock.now()) };
    if (status === 'error' || status === 'offline') log.warning(reason);
    else log.info(reason);
    changed(last);
  };
}

/** Answers how long it waited after the connection was gone or could not be made. */
async function oneTry(
  parts: LinkParts,
  tell: Tell,
  nextWaitMs: () => number,
  signal: AbortSignal,
): Promise<number> {
  let waitMs = 0;
  try {
    const { address, note } = await parts.choose(signal);
    const { clientId, stateTopic } = parts;
    const will = { topic: stateTopic, payload: OFFLINE };
    const connection = await openConnection({ address, clientId, will, signal });
    tell('online', `Connected to ${address.url}.${note}`, address);
    const reason = await staysOpen(parts, connection, signal);
    if (signal.aborted) return waitMs;
    waitMs = nextWaitMs();
    tell('offline', `The connection to ${address.url} was lost (${reason}). It is tried again.`, address);
  } catch (thrown) {
    if (isAbort(thrown) || signal.aborted) return waitMs;
    const failure = asGlimpserError(thrown, 'broker-unreachable');
    waitMs = failedWaitMs(failure.code) ?? nextWaitMs();
    const isError = failedWaitMs(failure.code) !== undefined;
    tell(isError ? 'error' : 'offline', `${failure.message} ${nextTry(failure.code, waitMs)}`);
  }
  await parts.clock.sleep(waitMs, signal).catch(() => undefined);
  return waitMs;
}

function failedWaitMs(code: ErrorCode): number | undefined {
  if (code === 'broker-refused-login') return LOGIN_WAIT_MS;
  return code === 'port-in-use' ? PORT_WAIT_MS : undefined;
}

/** The wait of an unreachable broker changes from try to try and would make each try news. */
function nextTry(code: ErrorCode, waitMs: number): string {
  const isFixed = failedWaitMs(code) !== undefined;
  return isFixed ? `It is tried again every ${formatDuration(waitMs)}.` : 'It is tried again.';
}

async function staysOpen(parts: LinkParts, connection: Connection, signal: AbortSignal): Promise<string> {
  const gone = new AbortController();
  const leave = () => {
    gone.abort();
    void sayGoodbye(parts, connection);
  };
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  else parts.connected(connection, gone.signal);
  try {
    return await connection.closed;
  } finally {
    signal.removeEventListener('abort', leave);
    gone.abort();
  }
}

/** A clean disconnect tells no will, so we tell it ourselves. */
async function sayGoodbye(parts: LinkParts, connection: Connection): Promise<void> {
  const deadline = AbortSignal.timeout(GOODBYE_MS);
  try {
    const sent = connection.send(parts.stateTopic, OFFLINE, { qos: 1, retain: true });
    const { promise, reject } = Promise.withResolvers<never>();
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
    await Promise.race([sent, promise]);
  } catch (thrown) {
    parts.log.debug('The goodbye was not heard', { thrown });
  }
  await connection.end(deadline);
}
