/** The hub itself: what it is, its log, its broker, its browser, its end. */
import { z } from 'zod';
import { isoTime } from '#base/clock.ts';
import { GlimpserError } from '#base/errors.ts';
import { LOG_LEVELS } from '#base/log.ts';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { hubFor } from '#doors/http/sight.ts';
import { idOf } from '#model/user.ts';

const mqttSchema = z
  .strictObject({
    status: z.enum(['off', 'connecting', 'online', 'offline', 'error']),
    reason: z.string(),
    broker: z.string().nullable().describe('Address without credentials'),
    isBuiltIn: z.boolean(),
    since: z.string(),
  })
  .meta({ id: 'MqttState' });

const brokerSchema = z
  .strictObject({
    host: z.string().describe('Where it listens; 127.0.0.1 is this machine alone'),
    port: z.number(),
    username: z.string(),
    password: z.string(),
  })
  .meta({ id: 'BuiltInBroker' });

const safeModeSchema = z
  .strictObject({
    since: z.string(),
    reason: z.string().describe('Why, and how to go on, in words'),
    triesAgainAt: z.string().describe('When sources are started again by themselves'),
  })
  .meta({ id: 'SafeMode' });

const infoSchema = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    instance: z.string().describe('Id of this hub in MQTT'),
    startedAt: z.string(),
    now: z.string(),
    node: z.string(),
    isPaused: z.boolean(),
    isDemo: z.boolean(),
    problems: z.array(z.string()),
    sources: z.strictObject({ total: z.number(), online: z.number(), failed: z.number() }),
    mqtt: mqttSchema,
    storageBytes: z.number(),
    rtspPort: z.number().nullable().describe('Where recorders play streams; null while that port is closed'),
    safeMode: safeModeSchema
      .nullable()
      .describe('Set after restarts in a circle: no source is looked at until an admin says so'),
  })
  .meta({ id: 'Info' });

const lineSchema = z
  .strictObject({ at: z.string(), level: z.enum(LOG_LEVELS), part: z.string(), message: z.string() })
  .meta({ id: 'LogLine' });

export default [
  route({
    method: 'get',
    path: '/api/info',
    role: 'viewer',
    summary: 'The hub at a glance',
    answers: { 200: infoSchema },
    handle({ door, identity }) {
      const { name, version, instance, startedAt, isPaused, problems, mqtt } = hubFor(
        identity,
        door.states.hub(),
      );
      const states = door.sight.list(identity).map(source => door.states.of(source.id));
      const sources = {
        total: states.length,
        online: states.filter(state => state.isOnline).length,
        failed: states.filter(state => state.status === 'error').length,
      };
      const now = isoTime(door.clock.now());
      const storageBytes = door.files.storedBytes();
      const rtspPort = door.rtspPort();
      const { isDemo } = door;
      const safeMode = door.safeMode();
      const node = process.version;
      return {
        name,
        version,
        instance,
        startedAt,
        now,
        node,
        isPaused,
        isDemo,
        problems,
        sources,
        mqtt,
        storageBytes,
        rtspPort,
        safeMode,
      };
    },
  }),
  route({
    method: 'post',
    path: '/api/restart',
    role: 'admin',
    summary: 'End the hub so that it starts again',
    answers: { 202: z.strictObject({ isRestarting: z.literal(true) }) },
    handle({ door, identity, response }) {
      // The answer goes out first; what goes wrong after it can only be logged.
      response.once('finish', () => {
        door.commander({ do: 'restart-hub' }, identity.name, idOf(identity)).catch(thrown => {
          door.log.error('The hub could not be restarted', { error: thrown });
        });
      });
      return { isRestarting: true as const };
    },
  }),
  route({
    method: 'get',
    path: '/api/logs',
    role: 'admin',
    summary: 'The newest lines of the log, newest first',
    query: z.strictObject({
      level: z.enum(LOG_LEVELS).optional().describe('At least this serious'),
      part: z.string().max(40).optional(),
    }),
    answers: { 200: listOf(lineSchema) },
    handle({ door, query: { level = 'debug', part } }) {
      const least = LOG_LEVELS.indexOf(level);
      const lines = door
        .logLines()
        .filter(
          line => LOG_LEVELS.indexOf(line.level) >= least && (part === undefined || line.part === part),
        );
      return whole(lines.toReversed());
    },
  }),
  route({
    method: 'get',
    path: '/api/mqtt',
    role: 'operator',
    summary: 'How the hub stands with its broker',
    answers: { 200: mqttSchema },
    handle: ({ door }) => door.states.hub().mqtt,
  }),
  route({
    method: 'get',
    path: '/api/mqtt/broker',
    role: 'admin',
    summary: 'How others log in to the built-in broker',
    answers: { 200: brokerSchema },
    handle({ door }) {
      const broker = door.builtInBroker();
      if (!broker) {
        throw new GlimpserError(
          'not-found',
          'The built-in broker does not run. Its login is here while no other broker is set and MQTT is on.',
        );
      }
      return broker;
    },
  }),
  route({
    method: 'get',
    path: '/api/browsers',
    role: 'operator',
    summary: 'How the browser for websites stands',
    answers: {
      200: z.strictObject({
        path: z.string().nullable(),
        isRunning: z.boolean(),
        jobs: z.number(),
        waiting: z.number(),
        crashes: z.number(),
        isSandboxed: z.boolean(),
        version: z.string().nullable(),
      }),
    },
    handle({ door }) {
      const {
        path = null,
        isRunning,
        jobs,
        waiting,
        crashes,
        isSandboxed,
        version = null,
      } = door.browser.status();
      return { path, isRunning, jobs, waiting, crashes, isSandboxed, version };
    },
  }),
];
