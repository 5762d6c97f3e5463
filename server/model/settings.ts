/** The settings file: one schema for everything that people configure and the hub keeps. */
import { z } from 'zod';
import { HARDWARE_PRESETS, HARDWARE_RECIPES } from '#base/ffmpeg-hardware.ts';
import { LOG_LEVELS } from '#base/log.ts';
import { groupSchema, sourceSchema } from './source.ts';
import { ROLES } from './user.ts';

/** The version that this hub writes; each step up has one file in store/settings-migrations. */
export const SETTINGS_VERSION = 1;

const HARDWARE_LABELS = {
  auto: 'The first that works here',
  none: 'Software',
  ...Object.fromEntries(HARDWARE_PRESETS.map(preset => [preset, HARDWARE_RECIPES[preset].title])),
};

/** What people may change in the settings page. */
export const preferencesSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .default('Glimpser')
      .describe('Name of this hub')
      .meta({ title: 'Name of this hub' }),
    logLevel: z
      .enum(LOG_LEVELS)
      .default('info')
      .describe('How much is logged')
      .meta({ title: 'Amount of log' }),
    isPaused: z
      .boolean()
      .default(false)
      .describe('No source is looked at while this is on')
      .meta({ title: 'Pause everything' }),
    hardware: z
      .enum(['auto', 'none', ...HARDWARE_PRESETS])
      .default('auto')
      .describe('What decodes video while somebody looks; what fails twice for a camera is left for software')
      .meta({ title: 'Decode with', labels: HARDWARE_LABELS }),
    mqtt: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Announce sources over MQTT').meta({ title: 'Use MQTT' }),
        discovery: z
          .boolean()
          .default(true)
          .describe('Announce devices to Home Assistant')
          .meta({ title: 'Announce to Home Assistant' }),
        retainImages: z
          .boolean()
          .default(true)
          .describe('The broker keeps the last picture of each source')
          .meta({ title: 'Keep the last picture on the broker' }),
        imageEvery: z
          .string()
          .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'must be a duration such as 10s')
          .default('10s')
          .describe('Shortest time between two pictures of a source over MQTT')
          .meta({ title: 'Time between pictures' }),
        maxPacketBytes: z
          .number()
          .int()
          .min(20_000)
          .max(200_000_000)
          .default(1_000_000)
          .describe('Larger pictures are made smaller before they are sent, in bytes')
          .meta({ title: 'Largest MQTT message' }),
      })
      .prefault({}),
    network: z
      .strictObject({
        allowLoopback: z
          .boolean()
          .default(false)
          .describe('Sources may open addresses of this machine itself')
          .meta({ title: 'Allow addresses of this machine' }),
        websitesMayReachLan: z
          .boolean()
          .default(true)
          .describe(
            'Websites at private addresses may open private addresses; pages on the internet never may',
          )
          .meta({ title: 'Websites may open private addresses' }),
      })
      .prefault({}),
    ingress: z
      .strictObject({
        role: z
          .enum(ROLES)
          .default('admin')
          .describe('What people may do here who open the hub inside Home Assistant')
          .meta({ title: 'Role of people from Home Assistant' }),
        users: z
          .record(z.string().min(1).max(64), z.enum(ROLES))
          .default({})
          .describe('Roles of single people, by their id in Home Assistant')
          .meta({ title: 'Roles of single people' }),
      })
      .prefault({}),
  })
  .meta({ id: 'Preferences' });

/** What people may change in the settings page. */
export type Preferences = z.output<typeof preferencesSchema>;

/** The whole file. */
export const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  instance: z
    .string()
    .regex(/^[a-z0-9]{6,16}$/)
    .describe('Id of this hub in MQTT; made once'),
  preferences: preferencesSchema.prefault({}),
  groups: z.array(groupSchema).default([]),
  sources: z.array(sourceSchema).default([]),
});

/** The whole settings file, checked. */
export type Settings = z.output<typeof settingsSchema>;
