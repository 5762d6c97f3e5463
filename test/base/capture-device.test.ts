/** What stands between a plugged-in camera and its pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CAPTURE_DEVICE,
  captureDevice,
  type DeviceFiles,
  deviceFailure,
} from '#server/base/capture-device.ts';
import { GlimpserError } from '#server/base/errors.ts';

const BY_ID = '/dev/v4l/by-id/usb-046d_HD_Webcam-video-index0';

/** A machine with one camera. */
function machine(over: Partial<DeviceFiles> = {}): DeviceFiles {
  return {
    realpath: async path => (path === BY_ID ? '/dev/video2' : path),
    access: async () => undefined,
    isDevice: async () => true,
    ...over,
  };
}

for (const path of ['/dev/video0', '/dev/video63', BY_ID])
  test(`${path} may be named`, () => assert.match(path, CAPTURE_DEVICE));

for (const path of [
  '/dev/sda',
  '/dev/video0;reboot',
  '/dev/video',
  '/dev/v4l/by-id/../../sda',
  '/dev/v4l/by-id/a/b',
  'video0',
  '/dev/video0\n',
])
  test(`${JSON.stringify(path)} may not be named`, () => assert.doesNotMatch(path, CAPTURE_DEVICE));

test('a name below by-id leads to the device', async () => {
  assert.equal(await captureDevice(BY_ID, 'Desk', machine()), '/dev/video2');
});

test('a link that leads to no video device is refused', async () => {
  const files = machine({ realpath: async () => '/dev/sda' });
  await assert.rejects(captureDevice(BY_ID, 'Desk', files), { code: 'source-broken' });
  const plain = machine({ isDevice: async () => false });
  await assert.rejects(captureDevice('/dev/video0', 'Desk', plain), { code: 'source-broken' });
});

test('a device that this user may not open says which group opens it', async () => {
  const files = machine({ access: () => Promise.reject(new Error('EACCES')) });
  const refused = { code: 'source-refused-login', message: /^Desk: .*\/dev\/video2.*group video/ };
  await assert.rejects(captureDevice(BY_ID, 'Desk', files), refused);
});

test('a device that is not there is said, for real', async () => {
  await assert.rejects(captureDevice('/dev/video987', 'Desk'), {
    code: 'source-unreachable',
    message: /^Desk: \/dev\/video987 is not there/,
  });
});

for (const [line, code, sentence] of [
  ['[error] /dev/video0: Device or resource busy', 'source-unreachable', /another program/],
  ['[video4linux2] ioctl(VIDIOC_QBUF): No such device', 'source-unreachable', /unplugged/],
  ['[error] Cannot open video device /dev/video0: Permission denied', 'source-refused-login', /group video/],
  ['[video4linux2] ioctl(VIDIOC_S_FMT): Invalid argument', 'source-broken', /size or rate/],
  ['[video4linux2] Not a video capture device.', 'source-broken', /the first one/],
] as const) {
  test(`“${line}” is understood`, () => {
    const cause = new Error(line);
    const thrown = new GlimpserError('source-broken', 'Desk gave no picture.', { cause });
    const { code: found, message } = deviceFailure('Desk', thrown) as GlimpserError;
    assert.equal(found, code);
    assert.match(message, sentence);
  });
}

test('what says nothing about a device stays as it was', () => {
  const missing = new GlimpserError('ffmpeg-missing', 'No such file');
  assert.equal(deviceFailure('Desk', missing), missing);
  const other = new GlimpserError('source-silent', 'Desk sent nothing.');
  assert.equal(deviceFailure('Desk', other), other);
});
