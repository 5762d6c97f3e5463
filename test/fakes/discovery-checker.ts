/** Checks discovery messages by Home Assistant's own rules, for the platforms that we use. Answers with findings. */

type Message = Record<string, unknown>;

const ROOT_REQUIRED = ['device', 'origin', 'components'];
const SHARED = [
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'command_topic',
  'encoding',
  'message_expiry_interval',
  'payload_available',
  'payload_not_available',
  'qos',
  'state_topic',
];
const DEVICE = [
  'configuration_url',
  'connections',
  'hw_version',
  'identifiers',
  'manufacturer',
  'model',
  'model_id',
  'name',
  'serial_number',
  'suggested_area',
  'sw_version',
  'via_device',
];
const COMMON = [
  'platform',
  'unique_id',
  'default_entity_id',
  'name',
  'icon',
  'entity_category',
  'entity_picture',
  'enabled_by_default',
  'visible_by_default',
  'group',
  'json_attributes_topic',
  'json_attributes_template',
];

/** Per platform: what it needs, and what it may have beside the common and shared keys. */
const PLATFORMS: Record<string, { needs: string[]; may: string[]; classes?: string[] }> = {
  binary_sensor: {
    needs: ['state_topic'],
    may: [
      'device_class',
      'payload_on',
      'payload_off',
      'off_delay',
      'expire_after',
      'force_update',
      'value_template',
    ],
    classes: ['connectivity', 'problem', 'motion', 'running', 'tamper', 'update'],
  },
  button: {
    needs: ['command_topic'],
    may: ['device_class', 'payload_press', 'command_template', 'retain'],
    classes: ['identify', 'restart', 'update'],
  },
  camera: { needs: ['topic'], may: ['topic', 'image_encoding'] },
  event: {
    needs: ['state_topic', 'event_types'],
    may: ['device_class', 'event_types', 'value_template'],
    classes: ['button', 'doorbell', 'motion'],
  },
  image: { needs: ['image_topic'], may: ['image_topic', 'content_type', 'image_encoding'] },
  number: {
    needs: ['command_topic', 'state_topic'],
    may: [
      'device_class',
      'unit_of_measurement',
      'min',
      'max',
      'step',
      'mode',
      'value_template',
      'command_template',
    ],
    classes: ['duration', 'data_size', 'distance'],
  },
  select: {
    needs: ['command_topic', 'state_topic', 'options'],
    may: ['options', 'value_template', 'command_template'],
  },
  sensor: {
    needs: ['state_topic'],
    may: [
      'device_class',
      'state_class',
      'unit_of_measurement',
      'suggested_display_precision',
      'options',
      'value_template',
    ],
    classes: ['enum', 'timestamp', 'duration', 'data_size', 'data_rate'],
  },
  switch: {
    needs: ['command_topic', 'state_topic'],
    may: [
      'device_class',
      'payload_on',
      'payload_off',
      'state_on',
      'state_off',
      'value_template',
      'command_template',
    ],
    classes: ['switch', 'outlet'],
  },
};
const UNITS: Record<string, string[]> = {
  duration: ['d', 'h', 'min', 's', 'ms', 'μs'],
  data_size: ['bit', 'kbit', 'Mbit', 'Gbit', 'B', 'kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB'],
  data_rate: [
    'bit/s',
    'kbit/s',
    'Mbit/s',
    'Gbit/s',
    'B/s',
    'kB/s',
    'MB/s',
    'GB/s',
    'KiB/s',
    'MiB/s',
    'GiB/s',
  ],
};
const BLOCKED_ATTRIBUTES = [
  'access_token',
  'assumed_state',
  'available',
  'brand',
  'device_class',
  'device_info',
  'entity_category',
  'entity_picture',
  'event_type',
  'event_types',
  'extra_state_attributes',
  'force_update',
  'friendly_name',
  'icon',
  'last_reset',
  'model_name',
  'motion_detection',
  'name',
  'should_poll',
  'state',
  'state_class',
  'supported_features',
  'unique_id',
  'unit_of_measurement',
];

/** What is wrong with messages that are announced together; topic by message. Empty: nothing. */
export function checkDiscovery(messages: ReadonlyMap<string, unknown>): string[] {
  const findings = [...messages].flatMap(([topic, message]) => checkMessage(topic, message as Message));
  const ids = [...messages.values()].flatMap(message =>
    Object.values((message as { components: Record<string, Message> }).components).map(c => c['unique_id']),
  );
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  return [...findings, ...twice.map(id => `unique_id ${String(id)} is used twice`)];
}

/** Names of attributes that Home Assistant drops. */
export function blockedAttributes(attributes: object): string[] {
  return Object.keys(attributes).filter(name => BLOCKED_ATTRIBUTES.includes(name));
}

function checkMessage(topic: string, message: Message): string[] {
  const found: string[] = [];
  if (!/^[^+#]+\/device\/[a-zA-Z0-9_-]+\/config$/.test(topic)) found.push(`${topic}: topic`);
  for (const key of ROOT_REQUIRED) if (!message[key]) found.push(`${topic}: ${key} is missing`);
  found.push(
    ...unknown(message, [...ROOT_REQUIRED, ...SHARED]).map(key => `${topic}: unknown root key ${key}`),
  );
  const device = (message['device'] ?? {}) as Message;
  found.push(...unknown(device, DEVICE).map(key => `${topic}: unknown device key ${key}`));
  if (!Array.isArray(device['identifiers'])) found.push(`${topic}: identifiers`);
  const origin = (message['origin'] ?? {}) as Message;
  if (!origin['name']) found.push(`${topic}: origin has no name`);
  found.push(...unknown(origin, ['name', 'sw_version', 'support_url']).map(key => `${topic}: origin ${key}`));
  found.push(...checkAvailability(message).map(finding => `${topic}: ${finding}`));
  for (const [key, component] of Object.entries((message['components'] ?? {}) as Record<string, Message>)) {
    found.push(...checkComponent(component, message).map(finding => `${topic} ${key}: ${finding}`));
  }
  return found;
}

function checkComponent(component: Message, root: Message): string[] {
  const rules = PLATFORMS[String(component['platform'])];
  if (!rules) return [`platform ${String(component['platform'])}`];
  const found: string[] = [];
  const shared = Object.fromEntries(SHARED.filter(key => key in root).map(key => [key, root[key]]));
  const merged: Message = { ...shared, ...component };
  for (const key of ['unique_id', ...rules.needs])
    if (merged[key] === undefined) found.push(`${key} is missing`);
  const known = [...COMMON, ...SHARED, ...rules.may];
  found.push(...unknown(component, known).map(key => `unknown key ${key}`));
  found.push(
    ...checkTopics(component),
    ...checkAvailability(component),
    ...checkClass(component, rules.classes),
  );
  const [domain, objectId] = String(component['default_entity_id']).split('.');
  if (domain !== component['platform'] || !/^[a-z0-9_]+$/.test(objectId ?? ''))
    found.push('default_entity_id');
  const category = component['entity_category'];
  const isReadOnly = ['binary_sensor', 'sensor', 'camera', 'image', 'event'].includes(domain ?? '');
  const categories = isReadOnly ? ['diagnostic'] : ['config', 'diagnostic'];
  if (category !== undefined && !categories.includes(String(category)))
    found.push(`category ${String(category)}`);
  return found;
}

function checkClass(component: Message, classes: string[] = []): string[] {
  const found: string[] = [];
  const deviceClass = component['device_class'];
  const unit = component['unit_of_measurement'];
  if (deviceClass !== undefined && !classes.includes(String(deviceClass)))
    found.push(`class ${String(deviceClass)}`);
  const units = UNITS[String(deviceClass)];
  if (units && !units.includes(String(unit))) found.push(`unit ${String(unit)}`);
  const options = component['options'];
  if (options !== undefined && (!Array.isArray(options) || options.length === 0))
    found.push('options are empty');
  if (component['platform'] === 'sensor') {
    if ((options !== undefined) !== (deviceClass === 'enum')) found.push('options need class enum');
    if (deviceClass === 'enum' && (unit ?? component['state_class']))
      found.push('enum has no unit or state class');
  }
  if (
    component['platform'] === 'number' &&
    Number(component['min'] ?? 1) >= Number(component['max'] ?? 100)
  ) {
    found.push('min and max');
  }
  return found;
}

function checkAvailability(holder: Message): string[] {
  const list = holder['availability'] as Message[] | undefined;
  if (list === undefined) return [];
  const found = list.flatMap(entry =>
    typeof entry['topic'] === 'string' ? [] : ['availability without topic'],
  );
  const mode = holder['availability_mode'] ?? 'latest';
  if (!['all', 'any', 'latest'].includes(String(mode))) found.push(`availability_mode ${String(mode)}`);
  return found;
}

function checkTopics(component: Message): string[] {
  const topics = Object.entries(component).filter(([key]) => key.endsWith('topic'));
  return topics.filter(([, topic]) => /[+#\s]|^$/.test(String(topic))).map(([key]) => `${key} is no topic`);
}

function unknown(holder: Message, known: string[]): string[] {
  return Object.keys(holder).filter(key => !known.includes(key));
}
