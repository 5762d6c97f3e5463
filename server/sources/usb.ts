/** Cameras that are plugged into this machine (Video4Linux). */
import { z } from 'zod';
import { cameraOptions, cameraShape } from '#base/camera-options.ts';
import { CAPTURE_DEVICE } from '#base/capture-device.ts';
import { devicePictures } from '#base/device-pictures.ts';
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
    .describe(
      'What the camera is asked for. MJPEG allows larger pictures at higher rates; H.264, where it has that, is only handed on while nobody looks, which costs least',
    )
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
  hasVideo: true,
  schedule: 'live',
  options,
  async *frames({ device, inputFormat, size, rate, ...rest }, context) {
    const [wide, high] = size.split('x').map(Number);
    const asked = {
      ...(inputFormat === 'auto' ? {} : { inputFormat }),
      ...(size === '' || wide === undefined || high === undefined ? {} : { width: wide, height: high }),
      ...(rate === 0 ? {} : { fps: rate }),
    };
    const shape = { ...rest, stillEvery: '10s', decode: 'full' as const, sound: false };
    yield* devicePictures({ ...context, ...cameraShape(shape, context.everyMs), device, asked });
  },
});
