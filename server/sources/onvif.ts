/** Cameras that speak ONVIF: they are asked where their pictures are, tell their own motion, and can be moved. */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { cameraPictures } from '#base/camera-pictures.ts';
import { sentenceOf } from '#base/errors.ts';
import { splitLogin } from '#base/http-login.ts';
import { OnvifCamera } from '#base/onvif-camera.ts';
import { OnvifControl } from '#base/onvif-control.ts';
import { followMotion } from '#base/onvif-motion.ts';
import { findPictures } from '#base/onvif-pictures.ts';
import { RelayedInput } from '#base/rtsp/relayed-input.ts';
import { stillPictures } from '#base/still-pictures.ts';
import { checkCertificate, loginOptions, transport } from '#base/web-options.ts';
import { defineKind, type PtzContext, type SourceContext } from './kind.ts';

/** Stills are asked for no more often; a stream gives more. */
const STILL_MS = 1000;
const STILL_BYTES = 25_000_000;

const options = z.strictObject({
  address: z
    .string()
    .trim()
    .regex(
      /^(https?:\/\/)?(\[[0-9a-f:.]+\]|[^\s/?#@:[\]]+)(:\d{1,5})?(\/\S*)?$/i,
      'must be a host or host:port, such as 192.168.1.20',
    )
    .max(500)
    .describe('Address of the camera, such as 192.168.1.20 or 192.168.1.20:8000')
    .meta({ title: 'Address' }),
  ...loginOptions({ username: 'User name; many cameras have users of their own for ONVIF' }),
  profile: z
    .string()
    .min(1)
    .max(120)
    .default('auto')
    .describe('Profile to look at: its name, or auto for the smallest that is at least 640 wide')
    .meta({ title: 'Profile' }),
  pictures: z
    .enum(['auto', 'stream', 'stills'])
    .default('auto')
    .describe(
      'Where pictures come from: the stream, or the address of still pictures. auto: a stream if there is one',
    )
    .meta({ title: 'Pictures from' }),
  motion: z
    .boolean()
    .default(true)
    .describe('Listen to the motion sensor of the camera itself, while the connection is kept')
    .meta({ title: 'Motion sensor of the camera' }),
  transport,
  ...cameraOptions,
  onlyThisAddress: z
    .boolean()
    .default(false)
    .describe('On: it is asked at this address, whatever it calls itself. For cameras behind a router')
    .meta({ title: 'Only this address' }),
  checkCertificate,
});

type Options = z.output<typeof options>;

export default defineKind({
  title: 'Camera (ONVIF)',
  description: 'Network cameras with ONVIF: only the address is needed. Can tell motion and be moved.',
  family: 'camera',
  manner: 'stream',
  hasVideo: true,
  schedule: 'live',
  options,
  async *frames(options, context) {
    const { signal, isSingle } = context;
    const camera = await open(options, context, signal);
    await tellName(camera, context);
    const found = await findPictures(camera, options, signal);
    const motion = { ...context, camera, profile: found.profile };
    await using _motion = options.motion && !isSingle ? followMotion(motion) : null;
    yield* found.sort === 'stream'
      ? streamFrames(found.url, options, context)
      : stillFrames(found.url, options, context);
  },
  ptz: (options, context) =>
    new OnvifControl(context.clock, signal => open(options, context, signal), options.profile),
});

/** Only where a name is wanted. What does not say what it is may still give pictures. */
async function tellName(camera: OnvifCamera, { named, signal, note }: SourceContext): Promise<void> {
  if (!named) return;
  try {
    const { maker, model } = await camera.facts(signal);
    // Many models begin with their maker.
    const name = model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`;
    if (name.trim() !== '') named(name.trim());
  } catch (thrown) {
    signal.throwIfAborted();
    note(`It does not tell its model: ${sentenceOf(thrown)}`);
  }
}

/** A login that the camera itself puts into the address is not the one that was entered. */
async function* streamFrames(address: string, options: Options, context: SourceContext) {
  const { name, egress, clock } = context;
  const { transport, checkCertificate: isCertificateChecked } = options;
  const { url } = splitLogin(address, '', '');
  const place = { url, login: loginOf(options), name, egress, clock, transport, isCertificateChecked };
  await using relayed = new RelayedInput(place);
  const input = (signal: AbortSignal) => relayed.open(signal);
  try {
    yield* cameraPictures({ ...context, ...cameraShape(options, context.everyMs), input });
  } catch (thrown) {
    throw relayed.explain(thrown);
  }
}

function stillFrames(url: string, options: Options, context: SourceContext) {
  const everyMs = Math.max(context.everyMs, STILL_MS);
  const isCertificateChecked = options.checkCertificate;
  const request = { ...context, url, login: loginOf(options), everyMs, isCertificateChecked };
  return stillPictures({ ...request, maxBytes: STILL_BYTES });
}

function open(
  { address, username, password, onlyThisAddress, checkCertificate }: Options,
  { name, egress, clock }: PtzContext,
  signal: AbortSignal,
): Promise<OnvifCamera> {
  const login = loginOf({ username, password });
  const peer = { name, egress, clock, login, isCertificateChecked: checkCertificate };
  return OnvifCamera.open(peer, { address, isOnlyAddress: onlyThisAddress }, signal);
}

function loginOf({ username, password }: Pick<Options, 'username' | 'password'>) {
  return username === '' ? undefined : { username, password };
}
