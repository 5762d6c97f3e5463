/** What the environment says: one schema, checked at start; a wrong value stops the start and names itself. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import { LOG_LEVELS, type LogLevel } from '#base/log.ts';
import './issue-words.ts';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const flag = z
  .enum(['', '0', '1', 'true', 'false', 'yes', 'no', 'on', 'off'])
  .default('')
  .transform(text => ['1', 'true', 'yes', 'on'].includes(text));
const url = (protocols: string[]) =>
  z.string().refine(text => protocols.includes(URL.parse(text)?.protocol ?? ''), {
    message: `must be a URL that starts with ${protocols.map(p => `${p}//`).join(' or ')}`,
  });
const key = z.string().regex(/^\S{8,}$/, 'must have at least 8 characters and no spaces');
const topic = z
  .string()
  .regex(/^[^+#\s/][^+#\s]*[^+#\s/]$|^[^+#\s/]$/, 'must be an MQTT topic without + or #');

/** Every variable, its meaning and default. */
export const environment = z.object({
  HOST: z.string().min(1).default('0.0.0.0').describe('Network address that the web server listens on'),
  PORT: port(8082).describe('Port of the web server; 0 picks a free one'),
  SECRET_KEY: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('Seals stored secrets and signs logins; made and kept in the data folder when unset'),
  API_KEY: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('A fixed API key with the admin role'),
  DEBUG: flag.describe('Same as LOG_LEVEL=debug'),
  LOG_LEVEL: z.enum(LOG_LEVELS).optional().describe('How much is logged; unset: as in the settings'),
  GLIMPSER_DATA: z.string().min(1).default('./data').describe('Folder for settings, database and pictures'),
  GLIMPSER_DATABASE_PATH: z
    .string()
    .min(1)
    .optional()
    .describe('SQLite file; unset: history.db in the data folder'),
  DATABASE_URL: url(['postgres:', 'postgresql:'])
    .optional()
    .describe('Reserved for PostgreSQL; this version keeps history in SQLite and says so when it is set'),
  MQTT_URL: url(['mqtt:', 'mqtts:', 'ws:', 'wss:'])
    .optional()
    .describe('Your broker, such as mqtt://user:password@host:1883; unset: the built-in broker'),
  MQTT_BROKER_HOST: z.string().min(1).default('127.0.0.1').describe('Where the built-in broker listens'),
  MQTT_BROKER_PORT: port(1883).describe('Port of the built-in broker; 0 picks a free one'),
  MQTT_BASE_TOPIC: topic.default('glimpser').describe('First part of our topics'),
  MQTT_DISCOVERY_PREFIX: topic.default('homeassistant').describe('Discovery prefix of Home Assistant'),
  RTSP_PORT: port(8554).describe('Port of the RTSP server for recorders; 0 picks a free one'),
  INGRESS_PORT: port(8099).describe('Listener for Home Assistant ingress; used only under the Supervisor'),
  CHATGPT_KEY: key.optional().describe('Reserved for the analysis by a model: its API key'),
  OPENAI_BASE_URL: url(['http:', 'https:'])
    .optional()
    .describe('Reserved for the analysis by a model: another address that speaks the same API'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/i, 'must be AC and 32 hexadecimal digits')
    .optional()
    .describe('Reserved for text messages: the Twilio account'),
  TWILIO_AUTH_TOKEN: z
    .string()
    .regex(/^[0-9a-f]{32}$/i, 'must be 32 hexadecimal digits')
    .optional()
    .describe('Reserved for text messages: the token of the Twilio account'),
  TWILIO_FROM: z
    .string()
    .regex(/^(\+[1-9]\d{5,14}|MG[0-9a-f]{32})$/i, 'must be a number such as +15551234567, or a service MG…')
    .optional()
    .describe('Reserved for text messages: the number that they come from'),
  SMTP_URL: url(['smtp:', 'smtps:'])
    .optional()
    .describe('Reserved for e-mails: the mail server, such as smtps://user:password@mail.example:465'),
  PUBLIC_URL: url(['http:', 'https:'])
    .optional()
    .describe('How others reach this hub, such as https://glimpser.example; used in links'),
  FFMPEG_PATH: z.string().min(1).optional().describe('FFmpeg program; unset: searched in PATH'),
  CHROMIUM_PATH: z.string().min(1).optional().describe('Chromium program; unset: searched in PATH'),
  YT_DLP_PATH: z
    .string()
    .min(1)
    .optional()
    .describe('yt-dlp program, for video sites; unset: searched in PATH'),
  CHROMIUM_NO_SANDBOX: flag.describe(
    'Runs Chromium without its sandbox. Only for containers that cannot have one',
  ),
  SUPERVISOR_TOKEN: z
    .string()
    .min(1)
    .optional()
    .describe('Set by Home Assistant when the hub runs as its app'),
});

/** The checked environment. */
export type Config = z.output<typeof environment>;

/** The log level that the environment fixes, and the variable that does; undefined: the settings decide. */
export function fixedLogLevel({
  DEBUG,
  LOG_LEVEL,
}: Pick<Config, 'DEBUG' | 'LOG_LEVEL'>): { level: LogLevel; by: string } | undefined {
  if (DEBUG) return { level: 'debug', by: 'DEBUG' };
  return LOG_LEVEL === undefined ? undefined : { level: LOG_LEVEL, by: 'LOG_LEVEL' };
}

/**
 * Checks the environment. Empty variables count as unset; variables that are not ours are ignored.
 * Throws `config-invalid` with one line per wrong variable.
 */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const ours = Object.keys(environment.shape).map(name => [name, variables[name] || undefined]);
  const checked = environment.safeParse(Object.fromEntries(ours));
  if (!checked.success) {
    const lines = checked.error.issues.map(issue => explain(String(issue.path[0]), issue.message, variables));
    throw new GlimpserError('config-invalid', lines.join('\n'));
  }
  if (checked.data.MQTT_BASE_TOPIC === checked.data.MQTT_DISCOVERY_PREFIX) {
    throw new GlimpserError(
      'config-invalid',
      'MQTT_BASE_TOPIC and MQTT_DISCOVERY_PREFIX are equal. Give them different names, such as glimpser and homeassistant.',
    );
  }
  return checked.data;
}

function explain(name: string, message: string, variables: Record<string, string | undefined>): string {
  const isSecret = /KEY|TOKEN|URL/.test(name);
  const given = isSecret ? `(${variables[name]?.length ?? 0} characters)` : `“${variables[name]}”`;
  const meaning = environment.shape[name as keyof typeof environment.shape]?.description ?? '';
  return `${name} is ${given}: ${message}. ${name}: ${meaning}. Correct it in the environment or in .env.`;
}
