import assert from 'node:assert/strict';
import { test } from 'node:test';
import onvif from '#server/sources/onvif.ts';
import { firstOf, sourceContext } from '#test/fakes/source-context.ts';
import { until } from '#test/fakes/until.ts';
import { type OnvifCameraOptions, startOnvifCamera } from '#test/peers/onvif-camera.ts';
import { startRtspCamera } from '#test/peers/rtsp-camera.ts';

const LOGIN = { username: 'ann', password: 'tulip & rose' };
const optionsFor = (address: string, more: object = {}) => onvif.options.parse({ address, ...more });
const start = (options: OnvifCameraOptions = {}) => startOnvifCamera(options);

test('the stream that the camera names is opened with its login', async () => {
  await using stream = await startRtspCamera({ login: LOGIN });
  await using camera = await start({ stream: stream.url, login: { ...LOGIN, scheme: 'wsse' } });
  await using run = await sourceContext();
  const pictures = await firstOf(onvif.frames(optionsFor(camera.address, LOGIN), run.context), 2);
  assert.deepEqual(
    pictures.map(({ type, width, height }) => [type, width, height]),
    [
      ['image/jpeg', 320, 240],
      ['image/jpeg', 320, 240],
    ],
  );
});

test('a camera with stills alone gives them', async () => {
  await using camera = await start({ login: { ...LOGIN, scheme: 'digest' } });
  await using run = await sourceContext({ isSingle: true });
  const pictures = await Array.fromAsync(onvif.frames(optionsFor(camera.address, LOGIN), run.context));
  assert.equal(pictures.length, 1);
  assert.equal(camera.asked.includes('CreatePullPointSubscription'), false, 'one picture needs no events');
  assert.equal(camera.wrongTries, 0);
});

test('its maker and model are its name where one is wanted, and pictures come without one', async () => {
  const names: string[] = [];
  const named = (name: string) => void names.push(name);
  await using camera = await start();
  await using run = await sourceContext({ isSingle: true, named });
  await Array.fromAsync(onvif.frames(optionsFor(camera.address), run.context));
  assert.deepEqual(names, ['Tulip & Sons Eye 2']);
  await using shy = await start({ instead: { GetDeviceInformation: answer => answer.writeHead(500).end() } });
  await using other = await sourceContext({ isSingle: true, named });
  const pictures = await Array.fromAsync(onvif.frames(optionsFor(shy.address), other.context));
  assert.deepEqual([pictures.length, names.length], [1, 1]);
  assert.match(other.notes.join(), /does not tell its model/);
  await using unasked = await sourceContext({ isSingle: true });
  camera.asked.length = 0;
  await Array.fromAsync(onvif.frames(optionsFor(camera.address), unasked.context));
  assert.equal(camera.asked.includes('GetDeviceInformation'), false);
});

test('its motion sensor is told beside the pictures and let go at the end', async () => {
  await using camera = await start();
  await using run = await sourceContext();
  for await (const _picture of onvif.frames(optionsFor(camera.address), run.context)) {
    await until('the subscription', () => camera.subscriptions === 1);
    camera.motion(true);
    await until('motion', () => run.triggers.includes('motion on'));
    break;
  }
  assert.deepEqual(run.triggers, ['motion off', 'motion on', 'motion off']);
  assert.equal(camera.subscriptions, 0);
});

test('a wrong login is told once and costs one try', async () => {
  await using camera = await start({ login: { ...LOGIN, scheme: 'wsse' } });
  await using run = await sourceContext();
  const wrong = onvif.frames(optionsFor(camera.address, { ...LOGIN, password: 'daisy' }), run.context);
  await assert.rejects(firstOf(wrong, 1), { code: 'source-refused-login', message: /^Front door refused/ });
  assert.equal(camera.wrongTries, 1);
});

test('what the camera names elsewhere is not opened', async () => {
  await using camera = await start({ stream: 'rtsp://169.254.169.254/stream' });
  await using run = await sourceContext();
  await assert.rejects(firstOf(onvif.frames(optionsFor(camera.address), run.context), 1), {
    code: 'address-refused',
    message:
      /^Front door names a wrong address for its stream: 169\.254\.169\.254 is a cloud metadata address/,
  });
});

test('addresses are hosts, with a port or as a whole', () => {
  for (const address of ['10.0.0.5', 'cam.lan:8000', 'https://cam.lan/onvif/x', '[fd00::5]:80']) {
    assert.ok(onvif.options.safeParse({ address }).success, address);
  }
  for (const address of ['', 'rtsp://10.0.0.5/', 'ann:tulip@10.0.0.5', 'a b', '10.0.0.5?x']) {
    assert.ok(!onvif.options.safeParse({ address }).success, address);
  }
});
