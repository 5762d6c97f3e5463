/** Cameras that are plugged into this machine: what stands between them and their pictures, in words. */
import { access, constants, realpath, stat } from 'node:fs/promises';
import { type ErrorCode, GlimpserError, sentenceOf } from './errors.ts';

/** What a person may name. Nothing else below /dev is ever opened. */
export const CAPTURE_DEVICE = /^\/dev\/(video\d{1,3}|v4l\/by-id\/[\w.-]{1,200})$/;

/** What is asked of the machine; given by tests. */
export interface DeviceFiles {
  realpath(path: string): Promise<string>;
  /** Rejects with EACCES when this user may not open it. */
  access(path: string): Promise<void>;
  isDevice(path: string): Promise<boolean>;
}

/** The machine's own files. */
export const deviceFiles: DeviceFiles = {
  realpath: path => realpath(path),
  access: path => access(path, constants.R_OK | constants.W_OK),
  isDevice: async path => (await stat(path)).isCharacterDevice(),
};

/**
 * The device itself, `/dev/video0`, for a name that may be a link to it. Throws `source-unreachable` when it is not
 * there, `source-refused-login` when this user may not open it, and `source-broken` when it is something else.
 */
export async function captureDevice(path: string, name: string, files = deviceFiles): Promise<string> {
  const device = await files.realpath(path).catch(() => undefined);
  if (device === undefined) {
    throw new GlimpserError(
      'source-unreachable',
      `${name}: ${path} is not there. Plug the camera in; under /dev/v4l/by-id/ it has a name that stays. In a container, pass the device on.`,
    );
  }
  const isCamera = CAPTURE_DEVICE.test(path) && /^\/dev\/video\d{1,3}$/.test(device);
  if (!isCamera || !(await files.isDevice(device))) {
    throw new GlimpserError('source-broken', `${name}: ${path} is no video device. Choose another one.`);
  }
  await files.access(device).catch((thrown: unknown) => {
    throw new GlimpserError(
      'source-refused-login',
      `${name}: this user may not open ${device}. Add it to the group video, or pass the device on to the container.`,
      { cause: thrown },
    );
  });
  return device;
}

type Sign = readonly [shape: RegExp, code: ErrorCode, sentence: string];

/** What FFmpeg says of a device. */
const SIGNS: readonly Sign[] = [
  [
    /No such device|No such file/i,
    'source-unreachable',
    'was unplugged. It comes back once it is plugged in again.',
  ],
  [
    /Device or resource busy/i,
    'source-unreachable',
    'is used by another program. Close that, or switch off the other source that uses it.',
  ],
  [
    /Permission denied/i,
    'source-refused-login',
    'may not be opened by this user. Add it to the group video.',
  ],
  [
    /Inappropriate ioctl|Not a video capture device/i,
    'source-broken',
    'gives no pictures. Many cameras have several devices: choose the first one.',
  ],
  [
    /Invalid argument|Cannot find a proper format|Unknown (input|pixel) format|not supported/i,
    'source-broken',
    'does not offer this format, size or rate. Leave them as the camera has them, or choose others.',
  ],
];

/** The error of a device for what FFmpeg ended with; what says nothing about a device stays as it was. */
export function deviceFailure(name: string, thrown: unknown): unknown {
  if (!(thrown instanceof GlimpserError) || thrown.code === 'ffmpeg-missing') return thrown;
  const words = `${sentenceOf(thrown.cause)}\n${thrown.message}`;
  const sign = SIGNS.find(([shape]) => shape.test(words));
  return sign ? new GlimpserError(sign[1], `${name} ${sign[2]}`, { cause: thrown }) : thrown;
}
