/** Law: the image is small, needs nothing that is not in the repository, runs as a plain user and can sandbox Chromium. */
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { REPOSITORY } from '#test/house/repository.ts';

interface Instruction {
  word: string;
  text: string;
}
interface Stage {
  from: string;
  name: string;
  instructions: Instruction[];
}

const read = (name: string) => readFile(`${REPOSITORY}/${name}`, 'utf8');

/** The stages of a Dockerfile, with continued lines joined and comments left out. */
function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter(Boolean);
  const stages: Stage[] = [];
  for (const line of lines) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const text = rest.join(' ');
    if (word === 'FROM') {
      const [from = '', name = ''] = text.split(/ AS /i);
      stages.push({ from, name, instructions: [] });
    } else stages.at(-1)?.instructions.push({ word, text });
  }
  return stages;
}

const stages = stagesOf(await read('Dockerfile'));
const last = stages.at(-1);
assert.ok(last);
const textsOf = (word: string, stage = last) =>
  stage.instructions.filter(one => one.word === word).map(one => one.text);

test('the image is built in stages, and the last one is fresh', () => {
  assert.ok(stages.length >= 3);
  assert.equal(last.name, '');
  const names = stages.map(stage => stage.name);
  assert.ok(!names.includes(last.from), 'the last stage must not inherit from a stage that builds');
  for (const { from } of stages.filter(stage => !names.includes(stage.from))) {
    assert.match(from, /:[\w.-]+$/, `${from} needs a tag`);
    assert.doesNotMatch(from, /:latest$/);
  }
});

test('every file that is copied from the repository is there and reaches the builder', async () => {
  const ignored = (await read('.dockerignore')).split('\n').filter(line => line && !line.startsWith('#'));
  assert.equal(ignored[0], '*', '.dockerignore must let in by name only');
  const isLetIn = (path: string) =>
    ignored.includes(`!${path}`) || ignored.includes(`!${path.split('/')[0]}`);
  for (const stage of stages) {
    for (const text of textsOf('COPY', stage).filter(one => !one.startsWith('--from'))) {
      for (const path of text.split(' ').slice(0, -1)) {
        await stat(`${REPOSITORY}/${path}`);
        assert.ok(isLetIn(path.replace(/\/$/, '')), `.dockerignore keeps ${path} out`);
      }
    }
  }
  for (const secret of ['**/.env*', '**/node_modules']) assert.ok(ignored.includes(secret), secret);
});

test('every workspace of the lock file is known to npm in the image', async () => {
  const { workspaces } = JSON.parse(await read('package.json')) as { workspaces: string[] };
  const copied = stages.flatMap(stage => textsOf('COPY', stage)).join(' ');
  for (const workspace of workspaces) assert.ok(copied.includes(`${workspace}/package.json`), workspace);
});

test('nothing is fetched but packages, and no tool that builds comes along', () => {
  const all = stages.flatMap(stage => textsOf('RUN', stage)).join('\n');
  assert.doesNotMatch(all, /\b(curl|wget|git clone)\b|\|\s*(ba)?sh\b/);
  assert.equal(stages.flatMap(stage => textsOf('ADD', stage)).length, 0);
  for (const text of all.match(/npm ci[^&\n]*/g) ?? []) assert.match(text, /--ignore-scripts/);
  const final = textsOf('RUN').join('\n');
  assert.doesNotMatch(final, /\b(npm|gcc|g\+\+|make|build-essential|python3?|git)\b/);
  assert.match(final, /apt-get install -y --no-install-recommends/);
  assert.match(final, /rm -rf \/var\/lib\/apt\/lists/);
  for (const program of ['ffmpeg', 'chromium-headless-shell', 'fonts-noto-cjk', 'fonts-noto-color-emoji']) {
    assert.ok(final.split(/\s+/).includes(program), program);
  }
});

test('the first process leaves root behind, and the user is that of the image', async () => {
  const start = textsOf('ENTRYPOINT').join();
  assert.deepEqual(JSON.parse(start), ['node', '/app/server/setup/entrypoint.mjs']);
  const entrypoint = await read('server/setup/entrypoint.mjs');
  assert.ok(entrypoint.indexOf('becomeUser(UID, GID)') < entrypoint.indexOf("import('./launch.mjs')"));
  const uid = /const UID = (\d+);/.exec(entrypoint)?.[1];
  assert.match(textsOf('RUN').join(), new RegExp(`useradd --uid ${uid} `));
  assert.match(textsOf('RUN').join(), /install -d -o glimpser -g glimpser \/data/);
});

test('data, ports, health and labels are declared', async () => {
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  assert.deepEqual(textsOf('VOLUME'), ['/data']);
  assert.match(textsOf('ENV').join(' '), /GLIMPSER_DATA=\/data/);
  assert.deepEqual(textsOf('EXPOSE'), ['8082 8554']);
  assert.match(textsOf('HEALTHCHECK').join(), /CMD \["node", "\/app\/server\/setup\/healthcheck\.mjs"\]/);
  assert.ok(textsOf('ARG').includes(`BUILD_VERSION=${version}`));
  const labels = textsOf('LABEL').join(' ');
  for (const name of ['io.hass.type="app"', 'io.hass.version', 'io.hass.arch', 'io.hass.name']) {
    assert.ok(labels.includes(name), name);
  }
  for (const name of ['title', 'description', 'source', 'licenses', 'version']) {
    assert.ok(labels.includes(`org.opencontainers.image.${name}=`), name);
  }
});

interface Service {
  [key: string]: unknown;
  ports: string[];
  security_opt: string[];
  volumes: string[];
}

test('compose.yaml shuts the container in and keeps the broker closed', async () => {
  const compose = parse(await read('compose.yaml')) as {
    services: Record<string, Service>;
    volumes: Record<string, unknown>;
  };
  const service = compose.services['glimpser'];
  assert.ok(service);
  assert.equal(service['init'], true);
  assert.equal(service['user'], '1000:1000');
  assert.equal(service['read_only'], true);
  assert.equal(service['shm_size'], '1g');
  assert.deepEqual(service['cap_drop'], ['ALL']);
  assert.equal(service['cap_add'], undefined);
  assert.equal(service['privileged'], undefined);
  assert.deepEqual(service.security_opt, ['no-new-privileges:true', 'seccomp:./chromium-seccomp.json']);
  assert.deepEqual(service.ports, ['8082:8082', '8554:8554']);
  assert.deepEqual(service.volumes, ['data:/data']);
  assert.ok('data' in compose.volumes);
});

interface Seccomp {
  defaultAction: string;
  archMap: { architecture: string }[];
  syscalls: { names: string[]; action: string; args?: unknown[] }[];
}

test('the seccomp profile denies by default and allows the user namespaces of Chromium', async () => {
  const profile = JSON.parse(await read('chromium-seccomp.json')) as Seccomp;
  assert.equal(profile.defaultAction, 'SCMP_ACT_ERRNO');
  assert.deepEqual(
    profile.archMap.map(entry => entry.architecture),
    ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'],
  );
  assert.ok(profile.syscalls.every(rule => rule.action === 'SCMP_ACT_ALLOW' && rule.names.length > 0));
  const free = new Set(profile.syscalls.filter(rule => !rule.args).flatMap(rule => rule.names));
  for (const name of ['clone', 'clone3', 'unshare', 'setns', 'chroot', 'execve', 'openat', 'seccomp']) {
    assert.ok(free.has(name), name);
  }
  const dangerous = [
    'mount',
    'umount2',
    'pivot_root',
    'bpf',
    'keyctl',
    'add_key',
    'init_module',
    'kexec_load',
  ];
  dangerous.push('reboot', 'swapon', 'perf_event_open', 'userfaultfd', 'io_uring_setup', 'open_by_handle_at');
  assert.deepEqual(
    dangerous.filter(name => free.has(name)),
    [],
  );
});
