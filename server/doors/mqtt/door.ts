/** The MQTT door: sources as Home Assistant devices, their states and pictures, and what people ask for in return. */
import { sentenceOf } from '#base/errors.ts';
import type { Config } from '#model/config.ts';
import type { Settings } from '#model/settings.ts';
import type { HubBus, MqttState } from '#model/signals.ts';
import { type AddressConfig, builtInAddress, chooseBroker } from './address.ts';
import { type Assembly, type AssemblyServices, assemble } from './assembly.ts';
import { type BrokerLogin, type RunningBroker, startBroker } from './broker.ts';
import { type BrokerPasswordStore, brokerLogin } from './broker-login.ts';
import type { Answer } from './commands.ts';
import type { Connection } from './connection.ts';
import { listenToBus } from './ears.ts';
import type { ImageFigures } from './images.ts';
import { keepLinked, offState, type Target } from './link.ts';
import { runSession, type SessionParts, sendAllImages } from './session.ts';

const HEALTH_EVERY_MS = 60_000;

/** What the door is given. */
export interface MqttServices extends AssemblyServices {
  config: AssemblyServices['config'] & AddressConfig & Pick<Config, 'MQTT_BROKER_HOST' | 'MQTT_BROKER_PORT'>;
  bus: HubBus;
  /** Where the built-in broker's password is kept. */
  passwords: BrokerPasswordStore;
  /** From 0 up to 1; unset: Math.random. */
  random?: () => number;
  /** Unset: the address that apps of Home Assistant use. */
  supervisorUrl?: string;
}

/** How others log in to the built-in broker. */
export interface BuiltInBroker extends BrokerLogin {
  host: string;
  port: number;
}

/** The door. */
export interface MqttDoor extends AsyncDisposable {
  readonly state: MqttState;
  /** The built-in broker while it runs; its password is for admins' eyes. */
  readonly builtIn: BuiltInBroker | null;
  /** Pictures sent and skipped since the start. */
  readonly images: Readonly<ImageFigures>;
  /** Connects, unless MQTT is switched off in the settings; returns at once. */
  start(): void;
  /** Sends devices, states and pictures again. */
  republish(): void;
}

/** Makes the door; nothing happens before `start`. */
export function createMqttDoor(services: MqttServices): MqttDoor {
  return new Door(services);
}

class Door implements MqttDoor {
  state: MqttState;
  #builtIn: { broker: RunningBroker; login: BrokerLogin } | undefined;
  #connection: Connection | undefined;
  #running: { stop: AbortController; ended: Promise<void> } | undefined;
  /** Starts and stops follow one another. */
  #order: Promise<void> = Promise.resolve();
  #health: Disposable | undefined;
  #ears: Disposable | undefined;
  #isSwept = false;
  readonly #assembly: Assembly;
  readonly #services: MqttServices;

  constructor(services: MqttServices) {
    this.#services = { ...services, log: services.log.part('mqtt') };
    this.state = offState(services.clock);
    this.#assembly = assemble(this.#services, {
      answer: answer => this.#answer(answer),
      refused: sentences => services.bus.emit('mqtt.refused', { sentences }),
    });
    this.#assembly.mirror.set(this.#assembly.topics.bridge.state, 'online');
  }

  get images(): Readonly<ImageFigures> {
    return this.#assembly.images.figures;
  }

  get builtIn(): BuiltInBroker | null {
    if (!this.#builtIn) return null;
    const { broker, login } = this.#builtIn;
    return { host: broker.host, port: broker.port, ...login };
  }

  start(): void {
    const { bus, settings } = this.#services;
    this.#ears ??= listenToBus(bus, this.#assembly, {
      sources: this.#services.sources,
      watching: this.#services.watching,
      changed: (now, before) => this.#settingsChanged(now, before),
    });
    if (settings().preferences.mqtt.enabled) this.#inOrder(() => this.#switchOn());
  }

  republish(): void {
    const parts = this.#sessionParts();
    void this.#assembly.announcer.run(true).then(() => {
      this.#assembly.publisher.all();
      this.#assembly.mirror.resend();
      sendAllImages(parts);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ears?.[Symbol.dispose]();
    this.#inOrder(() => this.#switchOff());
    await this.#order;
    this.#assembly[Symbol.dispose]();
  }

  #settingsChanged(now: Settings, before: Settings): void {
    const isOn = now.preferences.mqtt.enabled;
    if (isOn === before.preferences.mqtt.enabled) return;
    this.#inOrder(() => (isOn ? this.#switchOn() : this.#switchOff()));
  }

  #inOrder(step: () => void | Promise<void>): void {
    this.#order = this.#order.then(step).catch(thrown => {
      this.#services.log.error(`MQTT: ${sentenceOf(thrown)}`, { thrown });
    });
  }

  #switchOn(): void {
    if (this.#running) return;
    const { clock, log, random = Math.random } = this.#services;
    const { topics } = this.#assembly;
    const stop = new AbortController();
    const link = {
      choose: (signal: AbortSignal) => this.#choose(signal),
      clientId: topics.deviceId(),
      stateTopic: topics.bridge.state,
      connected: (connection: Connection, signal: AbortSignal) => this.#connected(connection, signal),
      changed: (state: MqttState) => this.#changed(state),
      clock,
      random,
      log,
    };
    this.#running = { stop, ended: keepLinked(link, stop.signal) };
    this.#beat();
  }

  async #switchOff(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    this.#health?.[Symbol.dispose]();
    running.stop.abort();
    await running.ended;
    const builtIn = this.#builtIn;
    this.#builtIn = undefined;
    await builtIn?.broker[Symbol.asyncDispose]();
    this.#assembly.refusals.clear();
    this.#changed(offState(this.#services.clock));
  }

  async #choose(signal: AbortSignal): Promise<Target> {
    const { config, log, passwords, supervisorUrl } = this.#services;
    const chosen = await chooseBroker(config, signal, supervisorUrl);
    if ('address' in chosen) return { address: chosen.address, note: '' };
    if (!this.#builtIn) {
      const login = await brokerLogin(passwords, log);
      const where = { host: config.MQTT_BROKER_HOST, port: config.MQTT_BROKER_PORT };
      this.#builtIn = { broker: await startBroker({ ...where, login, log }), login };
    }
    return { address: builtInAddress(this.#builtIn.broker, this.#builtIn.login), note: chosen.note };
  }

  #connected(connection: Connection, signal: AbortSignal): void {
    this.#connection = connection;
    void runSession(this.#sessionParts(), connection, signal);
  }

  #changed(state: MqttState): void {
    this.state = state;
    this.#services.bus.emit('mqtt.changed', { state });
  }

  /** Memory and storage change without a signal. */
  #beat(): void {
    this.#health = this.#services.clock.after(HEALTH_EVERY_MS, () => {
      this.#assembly.publisher.hub();
      this.#beat();
    });
  }

  #answer({ verb, body }: Answer): void {
    const topic = this.#assembly.topics.bridge.response(verb);
    const sent = this.#connection?.send(topic, JSON.stringify(body), { qos: 0, retain: false });
    sent?.catch(thrown => this.#services.log.debug(`An answer was not sent: ${sentenceOf(thrown)}`));
  }

  #sessionParts(): SessionParts {
    const { clock, log, random = Math.random, settings, sources } = this.#services;
    return {
      assembly: this.#assembly,
      instance: settings().instance,
      sources,
      clock,
      random,
      log,
      isToBeSwept: () => !this.#isSwept && !this.state.isBuiltIn,
      swept: () => {
        this.#isSwept = true;
      },
    };
  }
}
