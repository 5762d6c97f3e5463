/** Sources from elsewhere: our own drafts and exports, and the templates of the earlier Python Glimpser. */
import { formatDuration } from '#base/duration.ts';
import { GlimpserError } from '#base/errors.ts';

/** Fields that only templates have; one of them is enough to know a template. */
const TEMPLATE_FIELDS = [
  'capture_method',
  'headless',
  'stealth',
  'auth_username',
  'auth_password',
  'dedicated_selector',
  'dedicated_xpath',
  'popup_xpath',
  'frequency',
  'ai_analysis',
  'motion_detection',
  'callback_url',
  'livecaption',
  'object_filter',
  'browser',
];

/** Fields of templates that we have no place for; what else a template holds is refused by name. */
const LEFT_OUT =
  /^(headless|stealth|browser|danger|dark|invert|disable_autocrop|proxy|callback_url|timeout|motion_filter|object_\w+|livecaption|rollback_frames|thumbnail|baseline_caption|private_camera|\w+_mode|lens_\w+|capture_\w+|burst_\w+|composite_\w+|source_template|event_buffer_\w+|ptz_\w+|camera_\w+|view_\w+|last_\w+|offline_since|high_fidelity_\w+|id)$/;

type Fields = Record<string, unknown>;

/** A draft in our words, unchecked, and what was left out of it. */
export interface ImportedDraft {
  draft: Fields;
  notices: string[];
}

/** The drafts of an import: a list, our export, or a map from name to template. Throws `body-invalid`. */
export function importList(given: unknown): Fields[] {
  if (Array.isArray(given)) return given.map(fieldsOf);
  const whole = fieldsOf(given);
  if (Array.isArray(whole['sources'])) return whole['sources'].map(fieldsOf);
  const named = whole['templates'] === undefined ? whole : whole['templates'];
  if (Array.isArray(named)) return named.map(fieldsOf);
  return Object.entries(fieldsOf(named)).map(([name, template]) => ({ name, ...fieldsOf(template) }));
}

/** One draft in our words: templates are translated, ours pass through without their id. */
export function importDraft(given: Fields): ImportedDraft {
  if (TEMPLATE_FIELDS.some(name => name in given)) return translate(given);
  const { id, ...draft } = given;
  return { draft, notices: [] };
}

function fieldsOf(given: unknown): Fields {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return { ...given };
  throw new GlimpserError(
    'body-invalid',
    'An import is a list of sources, an export of ours, or templates by name.',
  );
}

function translate(template: Fields): ImportedDraft {
  const kind = kindOf(template);
  const taken = new Set(['name', 'url', 'notes', 'groups', 'enabled', 'kind', 'tags', ...TEMPLATE_FIELDS]);
  taken.add('schedule').add('motion').add('popup_selector');
  const isOurs = (name: string) => taken.has(name) && !LEFT_OUT.test(name);
  const rest = Object.entries(template).filter(([name]) => !taken.has(name) && !LEFT_OUT.test(name));
  const leftOut = Object.entries(template).filter(
    ([name, value]) => !isOurs(name) && LEFT_OUT.test(name) && isSet(value),
  );
  const draft = {
    name: template['name'],
    kind,
    options: optionsOf(template, kind),
    ...(isSet(template['notes']) ? { notes: template['notes'] } : {}),
    ...(isSet(template['groups']) ? { groups: groupsOf(template['groups']) } : {}),
    ...(typeof template['enabled'] === 'boolean' ? { enabled: template['enabled'] } : {}),
    ...scheduleOf(template),
    motion: { enabled: isMotionOn(template) },
    analysis: { enabled: template['ai_analysis'] === true },
    ...Object.fromEntries(rest),
  };
  const names = leftOut.map(([name]) => name).filter(name => name !== 'id');
  return {
    draft,
    notices: names.length > 0 ? [`Left out, because there is no place for it: ${names.join(', ')}.`] : [],
  };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

/** The earlier program chose by the address; a method that was named wins. */
function kindOf(template: Fields): string {
  const method = String(template['kind'] ?? template['capture_method'] ?? '').toLowerCase();
  const url = String(template['url'] ?? '').toLowerCase();
  if (/rtsp|ffmpeg/.test(method) || /^rtsps?:/.test(url)) return 'rtsp';
  if (/mjpe?g/.test(method) || /mjpe?g/.test(url)) return 'mjpeg';
  if (/image|still|requests|http/.test(method) || /\.(jpe?g|png|webp)(\?|$)/.test(url)) return 'image';
  return 'website';
}

function optionsOf(template: Fields, kind: string): Fields {
  const element = template['dedicated_selector'] || template['dedicated_xpath'];
  const popup = template['popup_selector'] || template['popup_xpath'];
  const isPage = kind === 'website';
  return {
    url: template['url'],
    ...(isSet(template['auth_username']) ? { username: template['auth_username'] } : {}),
    ...(isSet(template['auth_password']) ? { password: template['auth_password'] } : {}),
    ...(isPage && isSet(element) ? { element } : {}),
    ...(isPage && isSet(popup) ? { remove: [popup] } : {}),
  };
}

function groupsOf(groups: unknown): unknown {
  if (typeof groups !== 'string') return groups;
  const words = groups.split(',').map(word =>
    word
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-'),
  );
  return words.filter(word => /^[a-z0-9]/.test(word)).map(word => word.slice(0, 32));
}

/** Minutes, as the earlier program counted; a written schedule of ours passes through. */
function scheduleOf(template: Fields): Fields {
  const given = template['schedule'] ?? template['frequency'];
  if (given === undefined || given === null || given === '') return {};
  const minutes = Number(given);
  if (typeof given === 'object' || Number.isNaN(minutes)) return { schedule: given };
  return { schedule: formatDuration(Math.max(1000, Math.round(minutes * 60_000))) };
}

/** A threshold of 1 switched motion off. */
function isMotionOn(template: Fields): boolean {
  if (typeof template['motion_detection'] === 'boolean') return template['motion_detection'];
  if (typeof template['motion'] === 'boolean') return template['motion'];
  const threshold = template['motion_detection'] ?? template['motion'];
  return typeof threshold === 'number' && threshold < 1;
}
