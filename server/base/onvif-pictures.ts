/** Where the pictures of an ONVIF camera are: the stream of the wanted profile, or its still pictures. */
import { GlimpserError } from './errors.ts';
import type { OnvifCamera } from './onvif-camera.ts';
import { type OnvifProfile, pickProfile, readProfiles, snapshotUrl, streamUrl } from './onvif-media.ts';

/** What is wanted. */
export interface PicturesWanted {
  /** A name, a token, `auto` or `largest`. */
  profile: string;
  pictures: 'auto' | 'stream' | 'stills';
  transport: 'tcp' | 'udp' | 'prefer_tcp';
}

/** Where they are, checked to be on the camera itself. */
export interface PicturesFound {
  sort: 'stream' | 'stills';
  url: string;
  profile: OnvifProfile;
}

/** Asks the camera. Throws what it refuses, and `address-refused` for an address on another machine. */
export async function findPictures(
  camera: OnvifCamera,
  { profile: wanted, pictures, transport }: PicturesWanted,
  signal: AbortSignal,
): Promise<PicturesFound> {
  const profile = pickProfile(await readProfiles(camera, signal), wanted, camera.name);
  const stream = async (): Promise<PicturesFound> => {
    const url = await streamUrl(camera, profile, transport === 'udp' ? 'udp' : 'tcp', signal);
    return { sort: 'stream', url, profile };
  };
  const stills = async (): Promise<PicturesFound> => {
    return { sort: 'stills', url: await snapshotUrl(camera, profile, signal), profile };
  };
  if (pictures === 'stills') return stills();
  if (pictures === 'stream') return stream();
  try {
    return await stream();
  } catch (thrown) {
    // Only what the camera does not have is looked for elsewhere; what it must not name stays refused.
    if (!(thrown instanceof GlimpserError) || thrown.code !== 'source-broken') throw thrown;
    return stills().catch(() => Promise.reject(thrown));
  }
}
