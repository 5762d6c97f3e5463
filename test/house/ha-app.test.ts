/** Law: the files of the Home Assistant app are what the Supervisor and its linter accept, and agree with one another. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { LOG_LEVELS } from '#server/base/log.ts';
import { environment } from '#server/model/config.ts';
import { findingsOf, type Manifest, securityRating } from '#test/house/app-manifest.ts';
import { REPOSITORY, trackedFiles } from '#test/house/repository.ts';

const read = (name: string) => readFile(`${REPOSITORY}/${name}`, 'utf8');
const readYaml = async (name: string) => parse(await read(name)) as Manifest;
const keysOf = (value: unknown) => Object.keys((value ?? {}) as object).toSorted();

const manifest = await readYaml('config.yaml');

test('config.yaml has only what Supervisor and linter take', () => {
  assert.deepEqual(findingsOf(manifest), []);
});

test('the check finds what Supervisor or linter would refuse', () => {
  const wrong: [Manifest, RegExp][] = [
    [{ ...manifest, colour: 'red' }, /colour is not a key/],
    [{ ...manifest, boot: 'auto' }, /boot has its default/],
    [{ ...manifest, ingress_port: 8099 }, /ingress_port has its default/],
    [{ ...manifest, webui: 'http://[HOST]:[PORT:8082]' }, /webui/],
    [{ ...manifest, watchdog: 'http://[HOST]:[PORT:8082]/healthz' }, /HEALTHCHECK/],
    [{ ...manifest, startup: 'soon' }, /startup cannot be soon/],
    [{ ...manifest, image: 'images.example/glimpser:1' }, /no tag/],
    [{ ...manifest, version: 0.1 }, /version must be a text/],
    [{ ...manifest, map: ['everything:rw'] }, /map everything:rw/],
    [{ ...manifest, services: ['mqtt:maybe'] }, /services mqtt:maybe/],
    [{ ...manifest, arch: ['armv7'] }, /armv7/],
    [{ ...manifest, options: { log_level: 'loud' } }, /cannot be loud/],
    [{ ...manifest, options: {} }, /options has its default/],
    [{ ...manifest, schema: { log_level: 'bool' } }, /log_level must be either/],
    [{ ...manifest, schema: { log_level: 'text' } }, /unknown type text/],
    [{ ...manifest, ports: { '8082/tcp': null } }, /ports_description differ/],
    [{ ...manifest, timeout: 5 }, /10 to 300/],
  ];
  for (const [broken, finding] of wrong) assert.match(findingsOf(broken).join('\n'), finding);
});

test('the version is that of package.json, and the image is built from this repository', async () => {
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  assert.equal(manifest['version'], version);
  assert.equal(manifest['image'], undefined);
  const compose = await readYaml('compose.yaml');
  const services = compose['services'] as Record<string, { build: string }>;
  assert.equal(services['glimpser']?.build, '.');
});

test('every option is a variable that the hub reads, with the levels that it knows', () => {
  for (const option of keysOf(manifest['schema']))
    assert.ok(option.toUpperCase() in environment.shape, option);
  const schema = manifest['schema'] as Record<string, string>;
  assert.equal(schema['log_level'], `list(${LOG_LEVELS.join('|')})?`);
});

test('app and hub accept and refuse the same broker addresses and topics', () => {
  const schema = manifest['schema'] as Record<string, string>;
  const samples = {
    mqtt_url: [
      'mqtt://user:secret@broker.lan:1883',
      'wss://broker.example/mqtt',
      'broker.lan',
      'http://broker',
    ],
    mqtt_base_topic: ['glimpser', 'home/glimpser', 'g', 'glimpser/#', 'a+b', '/a', 'a/', 'a b'],
    mqtt_discovery_prefix: ['homeassistant', 'ha/', '+'],
  };
  const verdicts = Object.entries(samples).flatMap(([option, values]) => {
    const pattern = new RegExp(/^match\((.*)\)\?$/.exec(schema[option] ?? '')?.[1] ?? '$.');
    const variable = environment.shape[option.toUpperCase() as keyof typeof environment.shape];
    return values.map(value => ({
      option,
      value,
      app: pattern.test(value),
      hub: variable.safeParse(value).success,
    }));
  });
  assert.deepEqual(
    verdicts.filter(({ app, hub }) => app !== hub),
    [],
  );
  assert.equal(verdicts.filter(({ app }) => app).length, 6);
});

test('translations name every option and port, and nothing else', async () => {
  const translations = await readYaml('translations/en.yaml');
  assert.deepEqual(keysOf(translations), ['configuration', 'network']);
  assert.deepEqual(keysOf(translations['configuration']), keysOf(manifest['schema']));
  assert.deepEqual(keysOf(translations['network']), keysOf(manifest['ports']));
  for (const [option, text] of Object.entries(translations['configuration'] as Record<string, object>)) {
    assert.deepEqual(keysOf(text), ['description', 'name'], option);
  }
});

test('the security rating is the highest', async () => {
  const profile = await read('apparmor.txt');
  assert.equal(securityRating(manifest, profile.length > 0), 8);
  assert.equal(securityRating({ ...manifest, host_network: true }, true), 7);
  assert.equal(securityRating({ ...manifest, full_access: true }, true), 1);
});

test('apparmor.txt has one profile at the margin, named as the slug, with balanced braces', async () => {
  const profile = await read('apparmor.txt');
  const names = [...profile.matchAll(/^profile ([^ ]+)/gm)].map(match => match[1]);
  assert.deepEqual(names, [manifest['slug']]);
  assert.equal(profile.match(/^}$/gm)?.length, 1);
  for (const folder of ['/app/** mr', '/data/** rwkl', '/usr/lib/chromium/** ix', '/usr/local/bin/node ix']) {
    assert.ok(profile.includes(`  ${folder},`), folder);
  }
  assert.match(profile, /deny @\{PROC\}\/sys\/kernel\/\*\* w/);
});

test('repository.yaml has only the keys that there are', async () => {
  const repository = await readYaml('repository.yaml');
  assert.ok(repository['name']);
  for (const key of keysOf(repository)) assert.ok(['maintainer', 'name', 'url'].includes(key), key);
});

test('the store finds its pictures and pages', async () => {
  const sizeOf = async (name: string) => {
    const png = await readFile(`${REPOSITORY}/${name}`);
    assert.equal(png.subarray(1, 4).toString(), 'PNG', name);
    return [png.readUInt32BE(16), png.readUInt32BE(20)];
  };
  assert.deepEqual(await sizeOf('icon.png'), [128, 128]);
  assert.deepEqual(await sizeOf('logo.png'), [250, 100]);
  const files = await trackedFiles();
  for (const name of ['README.md', 'DOCS.md', 'CHANGELOG.md']) assert.ok(files.includes(name), name);
  assert.ok(
    !files.some(file => /(^|\/)build\.ya?ml$/.test(file)),
    'build.yaml is read no more: use the Dockerfile',
  );
});
