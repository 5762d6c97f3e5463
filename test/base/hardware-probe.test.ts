/** Which decoders work here: told at once where a device is missing, else tried on samples and compared with software. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#server/base/clock.ts';
import { type Ffmpeg, findFfmpeg } from '#server/base/ffmpeg.ts';
import { HARDWARE_PRESETS, type HardwarePreset } from '#server/base/ffmpeg-hardware.ts';
import { type Machine, placesToTry, thisMachine } from '#server/base/hardware-devices.ts';
import { probeHardware, probeKey } from '#server/base/hardware-probe.ts';
import { trialArguments, tryDecoder } from '#server/base/hardware-trial.ts';
import { fakeFfmpeg } from '#test/fakes/fake-program.ts';

const real = await findFfmpeg();
const SAMPLES = join(import.meta.dirname, '../../server/base/samples');
const signal = new AbortController().signal;

function machine(devices: string[], over: Partial<Machine> = {}): Machine {
  return { platform: 'linux', devices: async () => devices, mayOpen: async () => true, ...over };
}

/** An FFmpeg that decodes in software as the real one does, and in hardware as the script says. */
function pretending(t: TestContext, inHardware: string): Promise<Ffmpeg> {
  return fakeFfmpeg(t, `case "$*" in *-hwaccel*|*v4l2m2m*) ${inHardware};; *) exec ${real.path} "$@";; esac`);
}

/** What a device would give: its own scaler, the right picture. */
const RIGHT = [
  'case "$*" in *h265.mp4*) codec=h265;; *) codec=h264;; esac',
  `exec ${real.path} -nostdin -v error -stream_loop 49 -i ${SAMPLES}/$codec.mp4 -vf scale=32:18:flags=bicubic,format=gray -f rawvideo pipe:3`,
].join('\n');

async function probe(ffmpeg: Ffmpeg, where: Machine, clock = systemClock) {
  const rows = await probeHardware({ ffmpeg, clock, machine: where, signal });
  const of = (preset: HardwarePreset) => rows.filter(row => row.preset === preset);
  return { rows, of };
}

test('where a device is missing, it is said at once, without starting FFmpeg', async () => {
  const missing = await findFfmpeg(undefined, '/nowhere');
  const { rows } = await probe(missing, machine([]));
  assert.equal(rows.length, 2 * HARDWARE_PRESETS.length);
  assert.ok(rows.every(({ isUsable, framesPerSecond }) => !isUsable && framesPerSecond === null));
  assert.match(rows.find(({ preset }) => preset === 'cuda')?.reason ?? '', /no NVIDIA card/);
  assert.match(rows.find(({ preset }) => preset === 'vaapi')?.reason ?? '', /\/dev\/dri\/renderD128/);
  assert.match(rows.find(({ preset }) => preset === 'videotoolbox')?.reason ?? '', /no Apple machine/);
});

test('a device that this user may not open names the group', async () => {
  const where = machine(['/dev/dri/renderD128', '/dev/video10'], { mayOpen: async () => false });
  const { of } = await probe(real, where);
  assert.match(
    of('vaapi')[0]?.reason ?? '',
    /may not open \/dev\/dri\/renderD128. Add it to the group render/,
  );
  assert.match(of('v4l2m2m')[0]?.reason ?? '', /group video/);
});

test('this machine is looked at for real', async () => {
  const { rows } = await probe(real, thisMachine);
  assert.ok(rows.every(({ reason }) => /\.$/.test(reason)));
});

test('devices that are not what they seem are refused by the real FFmpeg, in words', async () => {
  const where = machine(['/dev/dri/renderD128', '/dev/mpp_service', '/dev/nvidia0', '/dev/video10']);
  const { rows, of } = await probe(real, where);
  if (rows.some(({ isUsable }) => isUsable)) return;
  assert.match(of('rkmpp')[0]?.reason ?? '', /built without it|driver does not start/);
  for (const row of rows)
    assert.doesNotMatch(row.reason, /FFmpeg says|^Works/, `${row.preset}: ${row.reason}`);
});

test('what decodes to the same picture works, and its speed stands beside that of software', async t => {
  const ffmpeg = await pretending(t, RIGHT);
  const { of } = await probe(ffmpeg, machine(['/dev/nvidia0']));
  for (const row of of('cuda')) {
    assert.deepEqual([row.isUsable, row.reason, row.device], [true, 'Works.', '0'], row.codec);
    assert.ok((row.framesPerSecond ?? 0) > 0 && (row.softwareFramesPerSecond ?? 0) > 0);
  }
});

test('of several devices the first that works is taken', async t => {
  const second = `case "$*" in *renderD129*) ${RIGHT};; *) echo "[error] No VA display found" >&2; exit 1;; esac`;
  const ffmpeg = await pretending(t, second);
  const { of } = await probe(ffmpeg, machine(['/dev/dri/renderD128', '/dev/dri/renderD129']));
  assert.deepEqual(of('vaapi')[0]?.device, '/dev/dri/renderD129');
});

for (const [what, script, reason] of [
  ['a wrong picture', 'head -c 288000 /dev/zero >&3', /^It decodes, but to a wrong picture/],
  ['too few pictures', 'head -c 5760 /dev/zero >&3', /^It gave 10 of 500 pictures/],
  ['no picture', 'exit 0', /^FFmpeg ended without a picture/],
  ['a crash', 'kill -SEGV $$', /^FFmpeg ended without a picture/],
  ['an unknown error', 'echo "[x @ 0x1] [error] Quite new" >&2; exit 1', /^FFmpeg says: Quite new/],
  [
    'a silent step back to software',
    `echo "[h264 @ 0x1] [warning] hwaccel initialisation returned error" >&2; ${RIGHT}`,
    /does not decode this/,
  ],
] as const) {
  test(`${what} is no working decoder`, async t => {
    const { of } = await probe(await pretending(t, script), machine(['/dev/nvidia0']));
    for (const row of of('cuda')) {
      assert.equal(row.isUsable, false);
      assert.match(row.reason, reason);
    }
  });
}

test('one that hangs is ended', async t => {
  const ffmpeg = await pretending(t, 'sleep 100');
  const hasty = {
    ...systemClock,
    after: (ms: number, call: () => void) => systemClock.after(Math.min(ms, 300), call),
  };
  const trial = await tryDecoder('h264', { preset: 'cuda', codec: 'h264' }, { ffmpeg, clock: hasty, signal });
  assert.match(trial.failure ?? '', /did not end within 20 s/);
});

test('one that never stops sending is ended, too', async t => {
  const ffmpeg = await pretending(t, 'exec cat /dev/zero >&3');
  const trial = await tryDecoder(
    'h264',
    { preset: 'cuda', codec: 'h264' },
    { ffmpeg, clock: systemClock, signal },
  );
  assert.ok(trial.failure);
  assert.ok(trial.frames < 2000);
});

test('an FFmpeg that does not decode in software either is said', async t => {
  const ffmpeg = await fakeFfmpeg(t, 'echo "[error] Unknown decoder" >&2; exit 1');
  const { of } = await probe(ffmpeg, machine(['/dev/nvidia0']));
  assert.match(of('cuda')[0]?.reason ?? '', /does not decode it in software either.*built without it/);
});

test('another FFmpeg or another device is another key', async () => {
  const key = (ffmpeg: Partial<Ffmpeg>, devices: string[]) =>
    probeKey({ ffmpeg: { ...real, ...ffmpeg }, machine: machine(devices) });
  const keys = await Promise.all([
    key({}, []),
    key({}, ['/dev/nvidia0']),
    key({ version: '7.1' }, []),
    key({ path: '/opt/ffmpeg' }, []),
  ]);
  assert.equal(new Set(keys).size, 4);
});

test('the number of a card and the path of a renderer are told as FFmpeg wants them', async () => {
  const where = machine(['/dev/nvidia1', '/dev/dri/renderD130', '/dev/dxg']);
  assert.deepEqual(await placesToTry('cuda', where), { devices: ['1', '0'] });
  assert.deepEqual(await placesToTry('qsv', where), { devices: ['/dev/dri/renderD130'] });
  assert.deepEqual(await placesToTry('videotoolbox', machine([], { platform: 'darwin' })), {
    devices: [undefined],
  });
});

test('a trial runs the whole chain: decoded, made small on the device, fetched', () => {
  const args = trialArguments(
    'h265',
    { preset: 'vaapi', codec: 'h265', device: '/dev/dri/renderD129' },
    '5.1.9',
  );
  assert.equal(
    args
      .join(' ')
      .replace(SAMPLES, 'SAMPLES')
      .replace(/-format_whitelist \S+/, '-format_whitelist …'),
    '-nostdin -hide_banner -nostats -loglevel level+warning -protocol_whitelist file -format_whitelist …' +
      ' -threads 1 -hwaccel vaapi -hwaccel_device /dev/dri/renderD129 -hwaccel_output_format vaapi' +
      ' -hwaccel_flags allow_profile_mismatch -stream_loop 49 -i file:SAMPLES/h265.mp4' +
      ' -filter_complex_threads 1 -filter_complex' +
      ' [0:v:0]scale_vaapi=w=32:h=18:format=nv12,hwdownload,format=nv12,format=gray[out0]' +
      ' -map [out0] -fps_mode passthrough -c:v rawvideo -f rawvideo pipe:3',
  );
});

test('the samples are small', async () => {
  for (const codec of ['h264', 'h265'])
    assert.ok((await readFile(join(SAMPLES, `${codec}.mp4`))).length < 16_000);
});
