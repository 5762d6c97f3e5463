/** Cameras that are plugged into this machine (Video4Linux). */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { cameraPictures } from '#base/camera-pictures.ts';
import { CAPTURE_DEVICE, captureDevice, deviceFailure } from '#base/capture-device.ts';
import { defineKind } from './kind.ts';

const { fps, width, quality } = cameraOptions;

const options = z.strictObject({
  device: z
    .string()
    .trim()
    .regex(CAPTURE_DEVICE, 'must be /dev/video0, or a name below /dev/v4l/by-id/')
    .default('/dev/video0')
    .describe('The device. A name below /dev/v4l/by-id/ stays the same when cameras are plugged in anew')
    .meta({ title: 'Device', picks: 'devices' }),
  inputFormat: z
    .enum(['auto', 'mjpeg', 'yuyv422', 'h264'])
    .default('auto')
    .describe('What the camera is asked for. MJPEG allows larger pictures at higher rates')
    .meta({ title: 'Format' }),
  size: z
    .string()
    .trim()
    .regex(/^(\d{2,4}x\d{2,4})?$/, 'must be width x height, such as 1280x720, or empty')
    .default('')
    .describe('Size that the camera is asked for, such as 1280x720; empty leaves it to the camera')
    .meta({ title: 'Size' }),
  rate: z
    .number()
    .int()
    .min(0)
    .max(120)
    .default(0)
    .describe('Pictures a second that the camera is asked for; 0 leaves it to the camera')
    .meta({ title: 'Rate of the camera' }),
  ...{ fps, width, quality },
});

export default defineKind({
  title: 'USB camera',
  description: 'A camera that is plugged into this machine.',
  family: 'camera',
  manner: 'stream',
  // Most give MJPEG or raw pictures, which recorders do not take: they get pictures that are encoded.
  hasVideo: false,
  schedule: 'live',
  options,
  async *frames({ device, inputFormat, size, rate, ...rest }, context) {
    const { name } = context;
    const [wide, high] = size.split('x').map(Number);
    const path = await captureDevice(device, name);
    const asked = {
      ...(inputFormat === 'auto' ? {} : { inputFormat }),
      ...(size === '' || wide === undefined || high === undefined ? {} : { width: wide, height: high }),
      ...(rate === 0 ? {} : { fps: rate }),
    };
    const shape = { ...rest, stillEvery: '10s', decode: 'full' as const, sound: false };
    try {
      yield* cameraPictures({
        ...context,
        inlet: undefined,
        input: { from: 'v4l2', device: path, ...asked },
        ...cameraShape(shape, context.everyMs),
      });
    } catch (thrown) {
      throw deviceFailure(name, thrown);
    }
  },
});
