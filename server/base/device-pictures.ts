/** Pictures of a camera that is plugged into this machine. */
import { type CameraRun, cameraPictures } from './camera-pictures.ts';
import { captureDevice, type DeviceFiles, deviceFailure } from './capture-device.ts';
import type { V4l2Input } from './ffmpeg-inputs.ts';
import type { StreamPicture } from './picture-stream.ts';

/** One run. */
export interface DeviceRun extends Omit<CameraRun, 'input'> {
  /** As it was entered: `/dev/video0`, or a name that leads to it. */
  device: string;
  /** What the device is asked for. */
  asked: Pick<V4l2Input, 'inputFormat' | 'width' | 'height' | 'fps'>;
}

/** Yields until the signal fires. Throws what stands in the way, in words; `files` are given by tests. */
export async function* devicePictures(
  { device, asked, ...run }: DeviceRun,
  files?: DeviceFiles,
): AsyncGenerator<StreamPicture, void, void> {
  // Raw pictures and MJPEG are nothing that recorders take: they get pictures that are encoded.
  const isCoded = asked.inputFormat === 'h264';
  if (!isCoded) run.inlet?.unfit?.();
  const path = await captureDevice(device, run.name, files);
  const input: V4l2Input = { from: 'v4l2', device: path, ...asked };
  try {
    yield* cameraPictures({ ...run, input, inlet: isCoded ? run.inlet : undefined });
  } catch (thrown) {
    throw deviceFailure(run.name, thrown);
  }
}
