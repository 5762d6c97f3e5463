/** Our ONVIF client against a camera of ours: what it is, what it shows, how it lets one in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceUrl } from '#server/base/onvif-camera.ts';
import { pickProfile, readProfiles, snapshotUrl, streamUrl } from '#server/base/onvif-media.ts';
import { findPictures } from '#server/base/onvif-pictures.ts';
import { onvifBench } from '#test/fakes/onvif.ts';

const LOGIN = { username: 'ann', password: 'tulip & <rose>' };
const STREAM = 'rtsp://127.0.0.1:8554/live?a=1&b=2';

test('a camera says what it is, and where its pictures are', async () => {
  await using bench = await onvifBench({ stream: STREAM.replace('//', '//admin:secret@') });
  const { signal } = bench;
  const camera = await bench.open();
  assert.deepEqual(await camera.facts(signal), {
    maker: 'Tulip & Sons',
    model: 'Eye 2',
    firmware: '1.0',
    serial: '77',
  });
  const profiles = await readProfiles(camera, signal);
  assert.deepEqual(
    profiles.map(({ name, width, isMovable }) => [name, width, isMovable]),
    [
      ['Main stream', 1920, true],
      ['Sub stream', 640, true],
      ['Phone', 320, true],
    ],
  );
  const profile = pickProfile(profiles, 'auto', 'Door');
  assert.equal(await streamUrl(camera, profile, 'tcp', signal), STREAM, 'a login in it is left behind');
  assert.equal(
    await snapshotUrl(camera, profile, signal),
    `http://${bench.peer.address}/still.jpg?profile=a&b=1`,
  );
});

test('profiles are picked by name, by token, or by size', async () => {
  await using bench = await onvifBench();
  const profiles = await readProfiles(await bench.open(), bench.signal);
  const named = (wanted: string) => pickProfile(profiles, wanted, 'Door').name;
  assert.deepEqual(['auto', 'largest', 'Phone', 'a'].map(named), [
    'Sub stream',
    'Main stream',
    'Phone',
    'Main stream',
  ]);
  assert.throws(() => named('Attic'), { code: 'source-broken', message: /“Attic”.*“Sub stream”/ });
  const small = profiles.filter(({ width }) => width < 640);
  assert.equal(pickProfile(small, 'auto', 'Door').name, 'Phone');
});

test('a camera with the newer media service alone works as well', async () => {
  await using bench = await onvifBench({ isModern: true, stream: STREAM });
  const camera = await bench.open();
  const found = await findPictures(
    camera,
    { profile: 'auto', pictures: 'auto', transport: 'tcp' },
    bench.signal,
  );
  assert.deepEqual([found.sort, found.url, found.profile.width], ['stream', STREAM, 2560]);
  assert.ok(bench.peer.asked.includes('GetServices'));
});

test('a camera without a stream gives its stills, unless the stream is wanted', async () => {
  await using bench = await onvifBench();
  const camera = await bench.open();
  const wanted = { profile: 'auto', transport: 'tcp' } as const;
  const found = await findPictures(camera, { ...wanted, pictures: 'auto' }, bench.signal);
  assert.equal(found.sort, 'stills');
  await assert.rejects(findPictures(camera, { ...wanted, pictures: 'stream' }, bench.signal), {
    code: 'source-broken',
    message: 'Door refused a request. It says: Optional Action Not Implemented.',
  });
});

test('the password goes as a digest that is stamped by the clock of the camera', async () => {
  for (const clockAheadMs of [0, -3 * 3_600_000, 9 * 365 * 86_400_000]) {
    await using bench = await onvifBench({ login: { ...LOGIN, scheme: 'wsse' }, clockAheadMs });
    const camera = await bench.open({ login: LOGIN });
    assert.equal((await camera.facts(bench.signal)).model, 'Eye 2');
    assert.equal(bench.peer.wrongTries, 0);
  }
});

test('HTTP Digest opens cameras that want it', async () => {
  await using bench = await onvifBench({ login: { ...LOGIN, scheme: 'digest' } });
  const camera = await bench.open({ login: LOGIN });
  assert.equal((await readProfiles(camera, bench.signal)).length, 3);
  assert.equal(bench.peer.wrongTries, 0);
});

test('a wrong or missing login is said in words after one try', async () => {
  for (const scheme of ['wsse', 'digest'] as const) {
    await using bench = await onvifBench({ login: { ...LOGIN, scheme } });
    const wrong = { code: 'source-refused-login', message: /^Door refused the user name or password/ };
    await assert.rejects(bench.open({ login: { ...LOGIN, password: 'daisy' } }), wrong);
    assert.equal(bench.peer.wrongTries, 1, scheme);
    const missing = { code: 'source-refused-login', message: /asks for a user name and a password/ };
    await assert.rejects(bench.open(), missing);
  }
});

test('an address is written in several ways', () => {
  assert.deepEqual(
    ['10.0.0.5', '10.0.0.5:8000/', 'https://cam.lan', 'http://[fd00::5]:80/onvif/device'].map(deviceUrl),
    [
      'http://10.0.0.5/onvif/device_service',
      'http://10.0.0.5:8000/onvif/device_service',
      'https://cam.lan/onvif/device_service',
      'http://[fd00::5]:80/onvif/device',
    ],
  );
});
