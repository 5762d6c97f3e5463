/** Asks a port whether an ONVIF camera is behind it, without logging in. */
import { GlimpserError } from './errors.ts';
import { OnvifCamera } from './onvif-camera.ts';
import { readProfiles } from './onvif-media.ts';
import { OnvifSoap, type SoapPeer, SoapRefusal } from './onvif-soap.ts';

/** What an ONVIF camera told to a stranger. */
export interface OnvifFound {
  needsLogin: boolean;
  maker: string;
  model: string;
}

const WAIT_MS = 4000;

/** Undefined when there is none. `url` is the address of its device service. */
export async function probeOnvif(
  url: string,
  peer: Pick<SoapPeer, 'egress' | 'clock'>,
  signal: AbortSignal,
): Promise<OnvifFound | undefined> {
  const client = { ...peer, name: 'The device', login: undefined, isCertificateChecked: true };
  if (!(await speaksOnvif(url, client, signal))) return undefined;
  const facts = { needsLogin: true, maker: '', model: '' };
  try {
    const camera = await OnvifCamera.open(client, { address: url, isOnlyAddress: false }, signal);
    const { maker, model } = await camera.facts(signal);
    await readProfiles(camera, signal);
    return { needsLogin: false, maker, model };
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof GlimpserError)) throw thrown;
    return facts;
  }
}

/** Any answer in SOAP will do: the time of day needs no login, and a refusal is an answer too. */
async function speaksOnvif(url: string, client: SoapPeer, signal: AbortSignal): Promise<boolean> {
  try {
    const request = { signal, isAnonymous: true, waitMs: WAIT_MS };
    const answer = await new OnvifSoap(client).call(url, '<tds:GetSystemDateAndTime/>', request);
    return answer.name === 'GetSystemDateAndTimeResponse';
  } catch (thrown) {
    signal.throwIfAborted();
    return thrown instanceof SoapRefusal;
  }
}
