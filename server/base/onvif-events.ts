/** The motion sensor of an ONVIF camera itself, by its pull point: asked again and again, renewed, and given back. */
import type { Clock } from './clock.ts';
import type { OnvifCamera } from './onvif-camera.ts';
import { SPACES } from './onvif-envelope.ts';
import type { OnvifProfile } from './onvif-media.ts';
import { SoapRefusal } from './onvif-soap.ts';
import { elementAt, elementsNamed, escapeXml, textAt, type XmlElement } from './xml.ts';

const LASTS = 'PT90S';
const RENEW_MS = 40_000;
const PULL_S = 20;
const PULL_WAIT_MS = 35_000;
const GOODBYE_MS = 3000;
/** A camera that answers at once, and with nothing, must not be asked without a pause. */
const PAUSE_MS = 500;
const MAX_RULES = 100;
const TEV = SPACES.tev;
const WSN = 'http://docs.oasis-open.org/wsn/bw-2';
const ACTIONS = {
  create: `${TEV}/EventPortType/CreatePullPointSubscriptionRequest`,
  pull: `${TEV}/PullPointSubscription/PullMessagesRequest`,
  renew: `${WSN}/SubscriptionManager/RenewRequest`,
  unsubscribe: `${WSN}/SubscriptionManager/UnsubscribeRequest`,
  properties: `${TEV}/EventPortType/GetEventPropertiesRequest`,
} as const;

/** A subscription at the camera. */
interface PullPoint {
  address: string;
  /** What has to be said with each request, as XML. */
  header: string;
}

/** What motion is asked with. */
export interface MotionQuestion {
  camera: OnvifCamera;
  /** Only events of its picture count; recorders have many. */
  profile: OnvifProfile;
  clock: Clock;
  signal: AbortSignal;
}

/** True when the camera says that it can tell motion; false when it does not say so. */
export async function tellsMotion(camera: OnvifCamera, signal: AbortSignal): Promise<boolean> {
  const action = ACTIONS.properties;
  const answer = await camera
    .call('events', '<tev:GetEventProperties/>', { signal, action })
    .catch(noRefusal);
  return hasMotionTopic(elementAt(answer, 'TopicSet'));
}

/**
 * Yields whether something moves, at each change, until the signal fires. Throws what ends the subscription; try
 * again after a while.
 */
export async function* cameraMotion(question: MotionQuestion): AsyncGenerator<boolean> {
  const { camera, profile, signal } = question;
  const point = await subscribe(camera, signal);
  const rules = new Map<string, boolean>();
  let was: boolean | undefined;
  try {
    for await (const message of messages(question, point)) {
      if (!readMessage(message, profile, rules)) continue;
      const isMoving = [...rules.values()].some(Boolean);
      if (isMoving !== was) yield isMoving;
      was = isMoving;
    }
  } finally {
    await sayGoodbye(camera, point);
  }
}

async function subscribe(camera: OnvifCamera, signal: AbortSignal): Promise<PullPoint> {
  const body = `<tev:CreatePullPointSubscription><tev:InitialTerminationTime>${LASTS}</tev:InitialTerminationTime></tev:CreatePullPointSubscription>`;
  const answer = await camera.call('events', body, { signal, action: ACTIONS.create });
  const reference = elementAt(answer, 'SubscriptionReference');
  const parameters = elementAt(reference, 'ReferenceParameters')?.children ?? [];
  return { address: textAt(reference, 'Address'), header: parameters.slice(0, 5).map(asReference).join('') };
}

async function* messages(question: MotionQuestion, point: PullPoint): AsyncGenerator<XmlElement> {
  const { camera, clock, signal } = question;
  const body = `<tev:PullMessages><tev:Timeout>PT${PULL_S}S</tev:Timeout><tev:MessageLimit>50</tev:MessageLimit></tev:PullMessages>`;
  let renewAt = clock.monotonic() + RENEW_MS;
  while (!signal.aborted) {
    const askedAt = clock.monotonic();
    const request = { signal, action: ACTIONS.pull, header: point.header, waitMs: PULL_WAIT_MS };
    const answer = await camera.callAt(point.address, 'event service', body, request);
    yield* elementsNamed(answer, 'NotificationMessage').slice(0, 100);
    if (clock.monotonic() >= renewAt) {
      await renew(camera, point, signal);
      renewAt = clock.monotonic() + RENEW_MS;
    }
    const pauseMs = askedAt + PAUSE_MS - clock.monotonic();
    if (pauseMs > 0) await clock.sleep(pauseMs, signal);
  }
}

/** Some cameras keep a subscription as long as it is asked, and refuse to renew it. */
async function renew(
  camera: OnvifCamera,
  { address, header }: PullPoint,
  signal: AbortSignal,
): Promise<void> {
  const body = `<wsnt:Renew><wsnt:TerminationTime>${LASTS}</wsnt:TerminationTime></wsnt:Renew>`;
  const request = { signal, action: ACTIONS.renew, header };
  await camera.callAt(address, 'event service', body, request).catch(noRefusal);
}

/** Cameras have few subscriptions; one that is not given back is missing until it runs out. */
async function sayGoodbye(camera: OnvifCamera, { address, header }: PullPoint): Promise<void> {
  const signal = AbortSignal.timeout(GOODBYE_MS);
  const request = { signal, action: ACTIONS.unsubscribe, header, waitMs: GOODBYE_MS };
  await camera.callAt(address, 'event service', '<wsnt:Unsubscribe/>', request).catch(() => undefined);
}

function asReference({ name, space, text }: XmlElement): string {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) return '';
  return `<r:${name} xmlns:r="${escapeXml(space)}" wsa:IsReferenceParameter="true">${escapeXml(text)}</r:${name}>`;
}

/** Takes one message over into what is known by rule; false when it is about something else. */
function readMessage(message: XmlElement, profile: OnvifProfile, rules: Map<string, boolean>): boolean {
  const topic = textAt(message, 'Topic');
  if (!/motion/i.test(topic)) return false;
  const inside = elementsNamed(message, 'Message').at(-1);
  const source = items(elementAt(inside, 'Source'));
  if (!isAbout(source, profile)) return false;
  const data = items(elementAt(inside, 'Data'));
  const value = ['IsMotion', 'State', 'Motion', 'Value'].map(name => data.get(name)).find(Boolean);
  if (value === undefined) return false;
  const rule = `${topic} ${[...source.values()].join(' ')}`;
  if (rules.size < MAX_RULES || rules.has(rule)) rules.set(rule, /^(true|1|on)$/i.test(value));
  return true;
}

/** A message without a picture's source is about the whole camera. */
function isAbout(source: ReadonlyMap<string, string>, { sources }: OnvifProfile): boolean {
  const named = [...source].filter(([name]) => /^(VideoSource\w*|Source|InputToken)$/i.test(name));
  return named.length === 0 || sources.size === 0 || named.some(([, token]) => sources.has(token));
}

function items(group: XmlElement | undefined): Map<string, string> {
  const simple = elementsNamed(group, 'SimpleItem');
  return new Map(
    simple.map(({ attributes }) => [attributes.get('Name') ?? '', attributes.get('Value') ?? '']),
  );
}

function hasMotionTopic(topics: XmlElement | undefined): boolean {
  return (topics?.children ?? []).some(topic => /motion/i.test(topic.name) || hasMotionTopic(topic));
}

function noRefusal(thrown: unknown): undefined {
  if (!(thrown instanceof SoapRefusal)) throw thrown;
}
