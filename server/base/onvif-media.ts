/** What an ONVIF camera shows: its profiles, and the addresses of their streams and stills. */
import { GlimpserError } from './errors.ts';
import type { OnvifCamera } from './onvif-camera.ts';
import { elementAt, elementsNamed, escapeXml, textAt, type XmlElement } from './xml.ts';

/** One profile: a picture in one size. */
export interface OnvifProfile {
  token: string;
  name: string;
  /** 0 when the camera does not say. */
  width: number;
  height: number;
  /** Tokens of the picture's source, by which events say what they are about. */
  sources: ReadonlySet<string>;
  /** True when moving this profile's camera is possible. */
  isMovable: boolean;
}

/** Wide enough to see what happens, and the least work. */
const AUTO_WIDTH = 640;
const MAX_PROFILES = 200;

/** Every profile. Throws `source-broken` when there is none. */
export async function readProfiles(camera: OnvifCamera, signal: AbortSignal): Promise<OnvifProfile[]> {
  const answer = camera.has('media')
    ? await camera.call('media', '<trt:GetProfiles/>', { signal })
    : await camera.call('media2', '<tr2:GetProfiles><tr2:Type>All</tr2:Type></tr2:GetProfiles>', { signal });
  const profiles = elementsNamed(answer, 'Profiles').slice(0, MAX_PROFILES).map(readProfile);
  if (profiles.length > 0) return profiles;
  throw new GlimpserError('source-broken', `${camera.name} has no profile. Make one in its own settings.`);
}

/**
 * The profile of a name or token. `auto` is the smallest that is at least 640 wide, else the widest; `largest` the
 * widest. Throws `source-broken` for an unknown name, with those that there are.
 */
export function pickProfile(profiles: readonly OnvifProfile[], wanted: string, camera: string): OnvifProfile {
  const bySize = profiles.toSorted((a, b) => a.width * a.height - b.width * b.height);
  const largest = bySize.at(-1);
  const isAutomatic = wanted === 'auto' || wanted === 'largest';
  const picked = isAutomatic
    ? ((wanted === 'auto' ? bySize.find(({ width }) => width >= AUTO_WIDTH) : undefined) ?? largest)
    : profiles.find(({ name, token }) => name === wanted || token === wanted);
  if (picked) return picked;
  const known = profiles.map(({ name }) => `“${name}”`).join(', ');
  const sentence = `${camera} has no profile “${wanted.slice(0, 60)}”. It has ${known.slice(0, 400)}; or write auto.`;
  throw new GlimpserError('source-broken', sentence);
}

/** The checked address of a profile's RTSP stream. */
export async function streamUrl(
  camera: OnvifCamera,
  profile: OnvifProfile,
  transport: 'tcp' | 'udp',
  signal: AbortSignal,
): Promise<string> {
  const token = escapeXml(profile.token);
  const answer = camera.has('media')
    ? await camera.call(
        'media',
        `<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>${transport === 'udp' ? 'UDP' : 'RTSP'}</tt:Protocol></tt:Transport></trt:StreamSetup><trt:ProfileToken>${token}</trt:ProfileToken></trt:GetStreamUri>`,
        { signal },
      )
    : await camera.call(
        'media2',
        `<tr2:GetStreamUri><tr2:Protocol>${transport === 'udp' ? 'RtspUnicast' : 'RTSP'}</tr2:Protocol><tr2:ProfileToken>${token}</tr2:ProfileToken></tr2:GetStreamUri>`,
        { signal },
      );
  return camera.ownUrl(toldUri(answer, camera), 'stream', 'rtsp', signal);
}

/** The checked address of a profile's still picture. */
export async function snapshotUrl(
  camera: OnvifCamera,
  profile: OnvifProfile,
  signal: AbortSignal,
): Promise<string> {
  const [service, prefix] = camera.has('media') ? (['media', 'trt'] as const) : (['media2', 'tr2'] as const);
  const token = escapeXml(profile.token);
  const body = `<${prefix}:GetSnapshotUri><${prefix}:ProfileToken>${token}</${prefix}:ProfileToken></${prefix}:GetSnapshotUri>`;
  const answer = await camera.call(service, body, { signal });
  return camera.ownUrl(toldUri(answer, camera), 'still picture', 'http', signal);
}

/** Media answers with `MediaUri/Uri`, Media2 with `Uri`. A login inside is left behind: ours is the one that counts. */
function toldUri(answer: XmlElement, camera: OnvifCamera): string {
  const told = textAt(answer, 'MediaUri', 'Uri') || textAt(answer, 'Uri');
  if (told !== '') return told.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1');
  throw new GlimpserError('source-broken', `${camera.name} names no address for its pictures.`);
}

function readProfile(profile: XmlElement): OnvifProfile {
  const token = profile.attributes.get('token') ?? '';
  const inside = elementAt(profile, 'Configurations') ?? profile;
  const source = elementAt(inside, 'VideoSourceConfiguration') ?? elementAt(inside, 'VideoSource');
  const encoder = elementAt(inside, 'VideoEncoderConfiguration') ?? elementAt(inside, 'VideoEncoder');
  const sources = [source?.attributes.get('token'), textAt(source, 'SourceToken')].filter(
    Boolean,
  ) as string[];
  const size = (name: string) => {
    const number = Number(textAt(encoder, 'Resolution', name));
    return Number.isFinite(number) && number > 0 ? number : 0;
  };
  const isMovable = Boolean(elementAt(inside, 'PTZConfiguration') ?? elementAt(inside, 'PTZ'));
  const name = (textAt(profile, 'Name') || token).slice(0, 120);
  return {
    token,
    name,
    width: size('Width'),
    height: size('Height'),
    sources: new Set(sources),
    isMovable,
  };
}
