/** What the Supervisor and the add-on linter accept in a config.yaml, as a function that lists what is wrong. */

/** A parsed config.yaml. */
export type Manifest = Record<string, unknown>;

const REQUIRED = ['name', 'version', 'slug', 'description', 'arch'];

/** Keys of which the linter refuses the default; `undefined` stands for keys without one. */
const KEYS: Record<string, unknown> = {
  ...Object.fromEntries(
    [...REQUIRED, 'backup_exclude', 'backup_post', 'backup_pre', 'breaking_versions', 'devices', 'discovery']
      .concat(['environment', 'homeassistant', 'image', 'ingress_entry', 'machine', 'map', 'panel_title'])
      .concat(['ports', 'ports_description', 'privileged', 'services', 'url'])
      .map(key => [key, undefined]),
  ),
  ...Object.fromEntries(
    ['advanced', 'audio', 'auth_api', 'devicetree', 'docker_api', 'full_access', 'gpio', 'hassio_api']
      .concat([
        'homeassistant_api',
        'host_dbus',
        'host_ipc',
        'host_network',
        'host_pid',
        'host_uts',
        'ingress',
      ])
      .concat(['ingress_stream', 'journald', 'kernel_modules', 'legacy', 'realtime', 'stdin', 'tmpfs'])
      .concat(['uart', 'udev', 'usb', 'video'])
      .map(key => [key, false]),
  ),
  apparmor: true,
  backup: 'hot',
  boot: 'auto',
  hassio_role: 'default',
  ingress_port: 8099,
  init: true,
  options: {},
  panel_admin: true,
  panel_icon: 'mdi:puzzle',
  schema: {},
  stage: 'stable',
  startup: 'application',
  timeout: 10,
  ulimits: {},
};

const CHOICES: Record<string, string[]> = {
  startup: ['initialize', 'system', 'services', 'application', 'once'],
  boot: ['auto', 'manual', 'manual_only'],
  stage: ['stable', 'experimental', 'deprecated'],
  backup: ['hot', 'cold'],
  hassio_role: ['default', 'homeassistant', 'backup', 'manager', 'admin'],
};

/** Only names that both the Supervisor and the linter know without a warning. */
const MAP = /^(data|ssl|backup|share|media|homeassistant_config)(:(rw|ro))?$/;
const OPTION_TYPE =
  /^(str|bool|int|float|email|url|password|port|device|match\(.+\)|list\([^|)]+(\|[^|)]+)+\)|(str|password|int|float)\([\d.]*,[\d.]*\)|device\(subsystem=\w+\))\??$/;
const RISKY_PRIVILEGES = new Set(
  ['BPF', 'CHECKPOINT_RESTORE', 'DAC_READ_SEARCH', 'NET_ADMIN', 'NET_RAW', 'PERFMON', 'SYS_ADMIN'].concat([
    'SYS_MODULE',
    'SYS_PTRACE',
    'SYS_RAWIO',
  ]),
);

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const table = (value: unknown): Record<string, unknown> => (value ?? {}) as Record<string, unknown>;

/** Every finding as a sentence; none means that Supervisor and linter take the manifest. */
export function findingsOf(manifest: Manifest): string[] {
  return [...keyFindings(manifest), ...valueFindings(manifest), ...optionFindings(manifest)];
}

function* keyFindings(manifest: Manifest): Generator<string> {
  for (const key of REQUIRED) if (!(key in manifest)) yield `${key} is missing`;
  for (const [key, value] of Object.entries(manifest)) {
    if (key === 'watchdog') yield 'watchdog is replaced by HEALTHCHECK in the Dockerfile';
    else if (key === 'webui') yield 'webui is for apps without ingress';
    else if (!(key in KEYS)) yield `${key} is not a key of config.yaml`;
    else if (KEYS[key] !== undefined && JSON.stringify(value) === JSON.stringify(KEYS[key])) {
      yield `${key} has its default and must not be written`;
    }
  }
}

function* valueFindings(manifest: Manifest): Generator<string> {
  for (const [key, choices] of Object.entries(CHOICES)) {
    const value = manifest[key];
    if (value !== undefined && !choices.includes(String(value))) yield `${key} cannot be ${value}`;
  }
  for (const arch of list(manifest['arch'])) {
    if (!['aarch64', 'amd64'].includes(arch)) yield `arch ${arch} is not supported any more`;
  }
  for (const entry of list(manifest['map'])) if (!MAP.test(entry)) yield `map ${entry} is not known`;
  for (const entry of list(manifest['services'])) {
    if (!/^(mqtt|mysql):(provide|want|need)$/.test(entry)) yield `services ${entry} is not known`;
  }
  if (!/^[A-Za-z0-9._-]+$/.test(String(manifest['slug']))) yield 'slug has a wrong character';
  if (typeof manifest['version'] !== 'string') yield 'version must be a text in quotes';
  const image = manifest['image'];
  if (image !== undefined && !/^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/.test(String(image))) {
    yield 'image must be lower case and have no tag';
  }
  const timeout = Number(manifest['timeout'] ?? 10);
  if (!(timeout >= 10 && timeout <= 300)) yield 'timeout must be 10 to 300 seconds';
  for (const device of list(manifest['devices']))
    if (device.includes(':')) yield `device ${device} has a colon`;
  if (manifest['full_access'] && (manifest['devices'] || manifest['gpio'] || manifest['usb'])) {
    yield 'full_access makes devices, gpio and usb pointless';
  }
}

function* optionFindings(manifest: Manifest): Generator<string> {
  const schema = table(manifest['schema']);
  const options = table(manifest['options']);
  for (const [name, type] of Object.entries(schema)) {
    if (!OPTION_TYPE.test(String(type))) yield `schema ${name} has the unknown type ${type}`;
    const isOptional = String(type).endsWith('?');
    if (isOptional === name in options) yield `option ${name} must be either optional or have a default`;
    const choices = /^list\((.*)\)\??$/.exec(String(type))?.[1]?.split('|');
    if (choices && name in options && !choices.includes(String(options[name]))) {
      yield `option ${name} cannot be ${options[name]}`;
    }
  }
  for (const name of Object.keys(options)) if (!(name in schema)) yield `option ${name} is not in the schema`;
  const ports = Object.keys(table(manifest['ports']));
  for (const port of ports) if (!/^\d+\/(tcp|udp)$/.test(port)) yield `port ${port} must be like 8082/tcp`;
  const described = Object.keys(table(manifest['ports_description']));
  if (ports.toSorted().join() !== described.toSorted().join()) yield 'ports and ports_description differ';
}

/** The Supervisor's security rating, 1 to 8, once the app is installed. */
export function securityRating(manifest: Manifest, hasOwnProfile: boolean): number {
  if (manifest['docker_api'] || manifest['full_access']) return 1;
  let rating = 5;
  if (manifest['ingress']) rating += 2;
  else if (manifest['auth_api']) rating += 1;
  if (manifest['apparmor'] === false) rating -= 1;
  else if (hasOwnProfile) rating += 1;
  const isRisky = list(manifest['privileged']).some(name => RISKY_PRIVILEGES.has(name));
  if (isRisky || manifest['kernel_modules']) rating -= 1;
  if (manifest['hassio_role'] === 'manager') rating -= 1;
  if (manifest['hassio_role'] === 'admin') rating -= 2;
  if (manifest['host_network']) rating -= 1;
  if (manifest['host_pid']) rating -= 2;
  if (manifest['host_uts'] && list(manifest['privileged']).includes('SYS_ADMIN')) rating -= 1;
  return Math.max(1, Math.min(8, rating));
}
