/** What is installed by which package manager, by which right, and what is said when that does not work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installNeeds, missingSentence } from '#server/setup/install.mjs';
import type { Machine } from '#server/setup/machine.mjs';
import { type Access, accessTo, type Manager, managersOf, withRight } from '#server/setup/managers.mjs';
import { TEST_NEEDS } from '#server/setup/peers.mjs';
import { isDue } from '#server/setup/prepare.mjs';
import { HUB_NEEDS, isMet, type Need } from '#server/setup/programs.mjs';
import { fakeMachine, fakeRun } from '#test/setup/fake-machine.ts';

const need = (id: string): Need => {
  const found = TEST_NEEDS.find(one => one.id === id);
  assert.ok(found);
  return found;
};
const managersWith = (...programs: string[]) => managersOf(fakeMachine({ programs }));
const ids = (managers: Manager[]) => managers.map(manager => manager.id);

async function install(needs: Need[], machine: Machine, access: Access, answer?: (line: string) => boolean) {
  const { run, lines, environments } = fakeRun(answer);
  const said: string[] = [];
  const managers = managersOf(machine);
  await installNeeds(needs, { machine, managers, access, run, say: line => said.push(line) });
  return { lines, said, environments };
}

test('the package manager of the machine is found; snap helps where Ubuntu has only that', () => {
  assert.deepEqual(ids(managersWith('apt-get', 'brew')), ['apt']);
  assert.deepEqual(ids(managersWith('dnf')), ['dnf']);
  assert.deepEqual(ids(managersWith('apk')), ['apk']);
  assert.deepEqual(ids(managersWith()), []);
  assert.deepEqual(ids(managersOf(fakeMachine({ programs: ['apt-get'], paths: ['/run/snapd.socket'] }))), [
    'apt',
    'snap',
  ]);
});

test('root installs, sudo installs only without a password, others do not', async () => {
  const [apt] = managersWith('apt-get');
  const [brew] = managersWith('brew');
  const { run } = fakeRun(() => false);
  assert.equal(await accessTo(apt, fakeMachine({ isRoot: true }), run), 'root');
  assert.equal(await accessTo(apt, fakeMachine(), run), 'none');
  assert.equal(await accessTo(apt, fakeMachine({ programs: ['sudo'] }), run), 'none');
  assert.equal(await accessTo(apt, fakeMachine({ programs: ['sudo'] }), fakeRun().run), 'sudo');
  assert.equal(await accessTo(brew, fakeMachine(), run), 'root');
  assert.equal(await accessTo(brew, fakeMachine({ isRoot: true }), run), 'none');
  assert.equal(await accessTo(undefined, fakeMachine({ isRoot: true }), run), 'none');
});

test('sudo never asks, and the variables go along', () => {
  assert.deepEqual(withRight('sudo', 'apt-get', ['update'], { A: '1' }), [
    'sudo',
    ['-n', 'env', 'A=1', 'apt-get', 'update'],
    {},
  ]);
});

test('apt installs without recommendations and without questions', async () => {
  const machine = fakeMachine({ programs: ['apt-get'], isRoot: true });
  const { lines, said, environments } = await install([need('ffmpeg')], machine, 'root');
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^apt-get .*install -y --no-install-recommends ffmpeg=\*$/);
  assert.equal(environments[0]?.['DEBIAN_FRONTEND'], 'noninteractive');
  assert.deepEqual(said, ['Installing FFmpeg with apt-get…']);
});

test('the lists are fetched once, and only after a first try failed', async () => {
  let isFresh = false;
  const machine = fakeMachine({ programs: ['apt-get'], isRoot: true });
  const { lines } = await install(HUB_NEEDS, machine, 'root', line => {
    if (line.endsWith(' update')) isFresh = true;
    return isFresh;
  });
  assert.equal(lines.filter(line => line.endsWith(' update')).length, 1);
  assert.match(lines.at(-1) ?? '', /chromium-headless-shell/);
});

test('a distribution without the headless shell gets the whole Chromium, or the snap', async () => {
  const debian = fakeMachine({ programs: ['apt-get'], isRoot: true });
  const old = await install([need('browser')], debian, 'root', line => !line.includes('headless-shell'));
  assert.match(
    old.lines.at(-1) ?? '',
    /install -y --no-install-recommends chromium=\* fonts-dejavu-core=\*$/,
  );
  const ubuntu = fakeMachine({ programs: ['apt-get'], paths: ['/run/snapd.socket'], isRoot: true });
  const snap = await install([need('browser')], ubuntu, 'root', line => !line.startsWith('apt-get'));
  assert.equal(snap.lines.at(-1), 'snap install chromium');
});

test('a snap that does not run is only spoken of', async () => {
  const machine = fakeMachine({ programs: ['apt-get'], distribution: 'ubuntu', isRoot: true });
  const { lines } = await install([need('browser')], machine, 'root', () => false);
  assert.ok(!lines.some(line => line.startsWith('snap')));
});

test('one thing that cannot be installed does not keep the next one out', async () => {
  const machine = fakeMachine({ programs: ['apt-get'], isRoot: true });
  const { lines } = await install(HUB_NEEDS, machine, 'root', line => !line.includes('ffmpeg'));
  assert.ok(lines.some(line => line.includes('chromium-headless-shell')));
});

test('mosquitto is installed asleep: masked meanwhile, switched off afterwards, also when it fails', async () => {
  for (const isOk of [true, false]) {
    const paths = ['/run/systemd/system'];
    const machine = fakeMachine({ programs: ['apt-get'], paths, isRoot: true });
    const { lines } = await install(
      [need('mosquitto')],
      machine,
      'root',
      line => isOk || !line.includes('install'),
    );
    const short = lines.map(line => line.replace(/-o \S+ /g, ''));
    assert.deepEqual(short.slice(0, 4), [
      'systemctl mask --runtime mosquitto.service',
      'apt-get install -y --no-install-recommends mosquitto=*',
      'systemctl unmask --runtime mosquitto.service',
      'systemctl disable --now mosquitto.service',
    ]);
  }
});

test('without systemd the service is stopped and taken out of the start order', async () => {
  const paths = ['/etc/init.d/mosquitto'];
  const machine = fakeMachine({ programs: ['apt-get', 'sudo', 'update-rc.d'], paths });
  const { lines } = await install([need('mosquitto')], machine, 'sudo');
  assert.deepEqual(lines.slice(1), [
    'sudo -n env /etc/init.d/mosquitto stop',
    'sudo -n env update-rc.d mosquitto disable',
  ]);
});

test('one sentence says what is missing, what works, and the command that mends it', () => {
  assert.equal(
    missingSentence(need('ffmpeg'), managersWith('apt-get'), false),
    'FFmpeg is missing: without it there are no RTSP cameras, video streams or test camera, while websites and cameras ' +
      'with still pictures or MJPEG work; to mend it, run `sudo apt-get install ffmpeg` or set FFMPEG_PATH to one of yours.',
  );
  assert.match(
    missingSentence(need('browser'), managersWith('dnf'), true),
    /run `dnf install chromium` or set CHROMIUM_PATH/,
  );
  assert.match(
    missingSentence(need('browser'), [], false),
    /install Chromium \(headless\) or set CHROMIUM_PATH to one of yours\.$/,
  );
  const snap = managersOf(fakeMachine({ programs: ['apt-get'], distribution: 'ubuntu' }));
  assert.match(missingSentence(need('browser'), snap, false), /run `sudo snap install chromium` or set/);
  assert.match(
    missingSentence(need('gstreamer'), managersWith('dnf'), false),
    /install GStreamer with its RTSP server\.$/,
  );
});

test('a need is met by any of its programs, by a path in the environment, and only with all its files', () => {
  assert.ok(isMet(need('browser'), fakeMachine({ programs: ['google-chrome-stable'] })));
  assert.ok(isMet(need('browser'), fakeMachine({ env: { CHROMIUM_PATH: '/opt/chrome' } })));
  assert.ok(!isMet(need('browser'), fakeMachine()));
  const gstreamer = need('gstreamer');
  const libraries = gstreamer.files ?? [];
  assert.ok(isMet(gstreamer, fakeMachine({ programs: ['gst-launch-1.0'], libraries })));
  assert.ok(!isMet(gstreamer, fakeMachine({ programs: ['gst-launch-1.0'], libraries: libraries.slice(1) })));
});

test('a failed installation is tried again after a day, or when the clock went back', () => {
  const hour = 3_600_000;
  assert.ok(isDue(undefined, 0));
  assert.ok(!isDue(1_000, 1_000 + 23 * hour));
  assert.ok(isDue(1_000, 1_000 + 24 * hour));
});
