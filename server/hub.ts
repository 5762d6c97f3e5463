/** The hub's table of contents: what there is, in the order in which it starts. It holds no logic. */
import type { Log } from '#base/log.ts';
import { Teardown } from '#base/teardown.ts';
import type { MqttDoor } from '#doors/mqtt/door.ts';
import { startDemoPage } from './demo/page.ts';
import { addDemoSources } from './demo/sources.ts';
import { makeDoors } from './wiring/doors.ts';
import { followSettings } from './wiring/follow.ts';
import { type HubOptions, openGround } from './wiring/ground.ts';
import { followHiddenTiles } from './wiring/hidden-tiles.ts';
import { openStages } from './wiring/stages.ts';
import { missingTools, openTools } from './wiring/tools.ts';

/** A running hub. */
export interface Hub {
  /** Address of the web app. */
  url: string;
  /** The one-time link of the first start; null once there is an admin. */
  setupUrl: string | null;
  mqtt: MqttDoor;
  log: Log;
  /** Takes down why the hub is about to end without having been asked to. */
  crash(thrown: unknown): void;
  /** Stops every part, the last started first. */
  stop(): Promise<void>;
}

/**
 * Starts everything. Throws a GlimpserError that says what failed and what to do, or the reason of the signal when the
 * start is given up; what had started is stopped.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const teardown = new Teardown();
  try {
    return await startParts(options, teardown);
  } catch (thrown) {
    await teardown.run();
    throw thrown;
  }
}

async function startParts(options: HubOptions, teardown: Teardown): Promise<Hub> {
  const { isDemo, restart, signal } = options;
  const ground = await openGround(options, teardown);
  signal?.throwIfAborted();
  const { config, bus, clock, log, settings, sources } = ground;

  const page = isDemo ? await startDemoPage(clock) : undefined;
  if (page) teardown.use('demo page', page);

  const ownPorts: number[] = [];
  const reach = { settings, ownPorts: () => ownPorts, exceptions: page ? [page.address] : [] };
  const tools = await openTools(config, reach, clock, log);
  teardown.use('tools', tools);
  signal?.throwIfAborted();
  for (const sentence of missingTools(tools)) log.warning(sentence);

  const stages = openStages(ground, tools, restart, teardown);
  const { http, mqtt, rtsp, readiness } = await makeDoors(ground, stages, tools, isDemo, teardown);
  signal?.throwIfAborted();
  const { url, ports } = await http.listen();
  await rtsp.open();
  ownPorts.push(...ports, tools.mediaPort.port, ...(rtsp.port === null ? [] : [rtsp.port]));
  const closedPorts = ownPorts.length;
  bus.on('mqtt.changed', 'egress', () => mqtt.builtIn && ownPorts.splice(closedPorts, 1, mqtt.builtIn.port));

  teardown.use('safety', ground.safety);
  ground.safety.begin();
  // Before MQTT, which tells what they set: the log level, the pause.
  teardown.use('settings followers', followSettings({ bus, watch: stages.watch, log, settings, config }));
  const { kinds } = ground;
  teardown.use('hidden tiles', followHiddenTiles({ bus, kinds, sources: sources.list, watch: stages.watch }));
  mqtt.start();
  if (page) await addDemoSources(sources, page);
  signal?.throwIfAborted();
  teardown.use('readiness', readiness);
  readiness.started();

  const setupUrl = http.setupToken === null ? null : `${url}setup?token=${http.setupToken}`;
  const crash = (thrown: unknown) => ground.safety.crash(thrown);
  return { url, setupUrl, mqtt, log, crash, stop: () => teardown.run() };
}
