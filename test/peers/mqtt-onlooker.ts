/** Another client of a broker: hears everything, and can tell what the broker keeps. */
import { randomUUID } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';

/** One message. */
export interface Heard {
  topic: string;
  payload: Buffer;
  isRetained: boolean;
}

/** Where to listen. */
export interface OnlookerOptions {
  url: string;
  username?: string;
  password?: string;
}

/** Listens to every topic until disposed. */
export class Onlooker implements AsyncDisposable {
  /** Everything heard so far, oldest first. */
  readonly heard: Heard[] = [];
  readonly #client: MqttClient;
  readonly #options: OnlookerOptions;

  private constructor(client: MqttClient, options: OnlookerOptions) {
    this.#client = client;
    this.#options = options;
  }

  static async open(options: OnlookerOptions): Promise<Onlooker> {
    const client = await connect(options);
    const onlooker = new Onlooker(client, options);
    client.on('message', (topic, payload, packet) => {
      onlooker.heard.push({ topic, payload, isRetained: packet.retain });
    });
    await client.subscribeAsync('#', { qos: 1 });
    return onlooker;
  }

  async publish(topic: string, payload: string | Buffer, isRetained = false): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, retain: isRetained });
  }

  /** Texts heard on a topic, oldest first. */
  texts(topic: string): string[] {
    return this.heard.filter(heard => heard.topic === topic).map(({ payload }) => payload.toString('utf8'));
  }

  /** What the broker keeps now, as texts; asked by a new client, and complete. */
  async retained(): Promise<Map<string, string>> {
    const kept = new Map<string, string>();
    const stone = `onlooker/${randomUUID()}`;
    await this.publish(stone, 'stone', true);
    const client = await connect(this.#options);
    const { promise: sawStone, resolve } = Promise.withResolvers<void>();
    const { promise: sawMarker, resolve: resolveMarker } = Promise.withResolvers<void>();
    client.on('message', (topic, payload, packet) => {
      if (topic === stone) resolve();
      else if (topic === `${stone}/marker`) resolveMarker();
      else if (packet.retain) kept.set(topic, payload.toString('utf8'));
    });
    await client.subscribeAsync('#', { qos: 1 });
    await client.publishAsync(`${stone}/marker`, 'marker', { qos: 1 });
    await Promise.all([sawStone, sawMarker]);
    await client.endAsync(true);
    await this.publish(stone, '', true);
    return kept;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }
}

function connect({ url, username, password }: OnlookerOptions): Promise<MqttClient> {
  const login = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  return connectAsync(url, { ...login, protocolVersion: 4, reconnectPeriod: 0 });
}
