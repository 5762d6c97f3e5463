/** Moves an ONVIF camera: each move carries its own end, so that a lost stop does not leave it turning. */
import type { OnvifCamera } from './onvif-camera.ts';
import type { OnvifProfile } from './onvif-media.ts';
import { SoapRefusal } from './onvif-soap.ts';
import { elementAt, elementsNamed, escapeXml, textAt, type XmlElement } from './xml.ts';

/** Speeds from -1 to 1: right, up and closer are positive. */
export interface OnvifSpeed {
  pan: number;
  tilt: number;
  zoom: number;
}

/** A place that the camera remembers. */
export interface OnvifPreset {
  id: string;
  name: string;
}

/** Where the camera looks, in its own measure from -1 to 1; null for what it does not tell. */
export interface OnvifPosition {
  pan: number | null;
  tilt: number | null;
  zoom: number | null;
  isMoving: boolean;
}

const MAX_PRESETS = 300;

/** Begins a move that ends by itself. */
export async function startMove(
  camera: OnvifCamera,
  profile: OnvifProfile,
  { pan, tilt, zoom }: OnvifSpeed,
  forMs: number,
  signal: AbortSignal,
): Promise<void> {
  // An axis that a camera does not have is refused even at speed 0, so that axes at rest are left out.
  const turn = pan !== 0 || tilt !== 0 ? `<tt:PanTilt x="${pan}" y="${tilt}"/>` : '';
  const closer = zoom === 0 ? '' : `<tt:Zoom x="${zoom}"/>`;
  const body = `<tptz:ContinuousMove>${about(profile)}<tptz:Velocity>${turn}${closer}</tptz:Velocity><tptz:Timeout>PT${(forMs / 1000).toFixed(1)}S</tptz:Timeout></tptz:ContinuousMove>`;
  await camera.call('ptz', body, { signal });
}

/** Ends a move. */
export async function stopMove(
  camera: OnvifCamera,
  profile: OnvifProfile,
  signal: AbortSignal,
): Promise<void> {
  const body = `<tptz:Stop>${about(profile)}<tptz:PanTilt>true</tptz:PanTilt><tptz:Zoom>true</tptz:Zoom></tptz:Stop>`;
  await camera.call('ptz', body, { signal });
}

/** The places that the camera remembers; none when it has no such thing. */
export async function readPresets(
  camera: OnvifCamera,
  profile: OnvifProfile,
  signal: AbortSignal,
): Promise<OnvifPreset[]> {
  const body = `<tptz:GetPresets>${about(profile)}</tptz:GetPresets>`;
  const answer = await camera.call('ptz', body, { signal }).catch(noRefusal);
  return elementsNamed(answer, 'Preset').slice(0, MAX_PRESETS).flatMap(readPreset);
}

/** Goes to a place. */
export async function goToPreset(
  camera: OnvifCamera,
  profile: OnvifProfile,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const body = `<tptz:GotoPreset>${about(profile)}<tptz:PresetToken>${escapeXml(id)}</tptz:PresetToken></tptz:GotoPreset>`;
  await camera.call('ptz', body, { signal });
}

/** Remembers where the camera looks now. An unset id makes a new place; answers the id. */
export async function setPreset(
  camera: OnvifCamera,
  profile: OnvifProfile,
  { id, name }: { id: string | undefined; name: string },
  signal: AbortSignal,
): Promise<string> {
  const token = id === undefined ? '' : `<tptz:PresetToken>${escapeXml(id)}</tptz:PresetToken>`;
  const body = `<tptz:SetPreset>${about(profile)}<tptz:PresetName>${escapeXml(name)}</tptz:PresetName>${token}</tptz:SetPreset>`;
  const answer = await camera.call('ptz', body, { signal });
  return textAt(answer, 'PresetToken') || (id ?? '');
}

/** Where it looks; undefined when it does not tell. */
export async function readPosition(
  camera: OnvifCamera,
  profile: OnvifProfile,
  signal: AbortSignal,
): Promise<OnvifPosition | undefined> {
  const body = `<tptz:GetStatus>${about(profile)}</tptz:GetStatus>`;
  const answer = await camera.call('ptz', body, { signal }).catch(noRefusal);
  const status = elementAt(answer, 'PTZStatus');
  if (!status) return undefined;
  const at = (axis: string, name: 'x' | 'y') => {
    const number = Number(elementAt(status, 'Position', axis)?.attributes.get(name) ?? 'none');
    return Number.isFinite(number) ? number : null;
  };
  const isMoving = ['PanTilt', 'Zoom'].some(axis => textAt(status, 'MoveStatus', axis) === 'MOVING');
  return { pan: at('PanTilt', 'x'), tilt: at('PanTilt', 'y'), zoom: at('Zoom', 'x'), isMoving };
}

/** Which axes a camera has, as far as it says; both when it does not. */
export async function readAxes(
  camera: OnvifCamera,
  signal: AbortSignal,
): Promise<{ canTurn: boolean; canZoom: boolean }> {
  const answer = await camera.call('ptz', '<tptz:GetNodes/>', { signal }).catch(noRefusal);
  const spaces = elementsNamed(answer, 'SupportedPTZSpaces');
  if (spaces.length === 0) return { canTurn: true, canZoom: true };
  const has = (name: string) => spaces.some(space => elementAt(space, name) !== undefined);
  return { canTurn: has('ContinuousPanTiltVelocitySpace'), canZoom: has('ContinuousZoomVelocitySpace') };
}

function about({ token }: OnvifProfile): string {
  return `<tptz:ProfileToken>${escapeXml(token)}</tptz:ProfileToken>`;
}

function readPreset(preset: XmlElement): OnvifPreset[] {
  const id = preset.attributes.get('token');
  if (!id || id.length > 64) return [];
  return [{ id, name: (textAt(preset, 'Name') || id).slice(0, 80) }];
}

function noRefusal(thrown: unknown): undefined {
  if (!(thrown instanceof SoapRefusal)) throw thrown;
}
