/** One connection to a broker, from CONNECT to close. It never reconnects: the link does. */
import mqtt, { type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import { type AddressGiver, connectFailure, isProtocolRefused, topicFailure } from './connect-failure.ts';

/** Versions of MQTT that we speak: 5, and 4 for 3.1.1. */
export type Protocol = 4 | 5;

/** Where a broker is and how to log in. */
export interface BrokerAddress {
  /** Such as `mqtt://host:1883`, without login. */
  url: string;
  username?: string;
  password?: string;
  /** What to try, in this order. */
  protocols: readonly [Protocol, ...Protocol[]];
  /** Known limit of the broker; on version 5 it tells its own. */
  maxPacketBytes?: number;
  givenBy: AddressGiver;
}

/** How to send a message. */
export interface SendOptions {
  qos: 0 | 1;
  retain: boolean;
}

/** A message that came. */
export interface Message {
  topic: string;
  payload: Buffer;
  /** True when the broker had kept it from before we subscribed. */
  isRetained: boolean;
}

/** An open connection. */
export interface Connection {
  readonly isOpen: boolean;
  readonly protocol: Protocol;
  /** Larger packets would end the connection. */
  readonly maxPacketBytes: number;
  /**
   * Resolves when the broker has it (QoS 1) or the socket took it (QoS 0). Rejects with `body-too-large`, or
   * `broker-refused-topic` when this user may not write there, or otherwise when the connection is gone.
   */
  send(topic: string, payload: string | Buffer, options: SendOptions): Promise<void>;
  /** Rejects with `broker-refused-topic` when this user may not read one of them. */
  subscribe(topics: readonly string[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  /** Calls back for every message until disposed. */
  onMessage(call: (message: Message) => void): Disposable;
  /** Resolves with the reason in words when the connection is gone. */
  readonly closed: Promise<string>;
  /** Disconnects cleanly, so that the broker does not publish the will; when the signal fires, at once. */
  end(signal: AbortSignal): Promise<void>;
}

/** How a connection is opened. */
export interface ConnectionOptions {
  address: BrokerAddress;
  clientId: string;
  /** What the broker says in our name when the connection breaks; retained. */
  will: { topic: string; payload: string };
  signal: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_SECONDS = 30;
const PACKET_OVERHEAD_BYTES = 16;
const MAX_PACKET_BYTES = 268_435_455;

/** Bytes of a PUBLISH packet, at most. */
export function packetBytes(topic: string, payload: string | Buffer): number {
  return Buffer.byteLength(topic) + Buffer.byteLength(payload) + PACKET_OVERHEAD_BYTES;
}

/** Opens a connection. Throws `broker-unreachable` or `broker-refused-login` in words. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { protocols } = options.address;
  for (const protocol of protocols.slice(0, -1)) {
    try {
      return await connectWith(options, protocol);
    } catch (thrown) {
      if (!isProtocolRefused(thrown)) throw connectFailure(thrown, options.address);
    }
  }
  try {
    return await connectWith(options, protocols.at(-1) ?? protocols[0]);
  } catch (thrown) {
    throw connectFailure(thrown, options.address);
  }
}

async function connectWith(options: ConnectionOptions, protocol: Protocol): Promise<Connection> {
  options.signal.throwIfAborted();
  const client = mqtt.connect(options.address.url, clientOptions(options, protocol));
  const { promise, resolve, reject } = Promise.withResolvers<IConnackPacket>();
  const abort = () => reject(options.signal.reason);
  options.signal.addEventListener('abort', abort, { once: true });
  client.once('connect', resolve);
  client.once('error', reject);
  client.once('close', () => reject(new Error('closed before the broker answered')));
  try {
    const connack = await promise;
    return new OpenConnection(client, protocol, brokerLimit(connack, options.address));
  } catch (thrown) {
    client.end(true);
    throw thrown;
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

function clientOptions({ address, clientId, will }: ConnectionOptions, protocol: Protocol): IClientOptions {
  return {
    clientId,
    protocolVersion: protocol,
    clean: true,
    keepalive: KEEP_ALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    queueQoSZero: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
  };
}

function brokerLimit(connack: IConnackPacket, address: BrokerAddress): number {
  const told = connack.properties?.maximumPacketSize ?? MAX_PACKET_BYTES;
  return Math.min(told, address.maxPacketBytes ?? MAX_PACKET_BYTES);
}

class OpenConnection implements Connection {
  isOpen = true;
  readonly protocol: Protocol;
  readonly maxPacketBytes: number;
  readonly closed: Promise<string>;
  readonly #client: MqttClient;
  readonly #waiting = new Set<(reason: Error) => void>();
  #reason = 'the broker closed the connection';

  constructor(client: MqttClient, protocol: Protocol, maxPacketBytes: number) {
    this.#client = client;
    this.protocol = protocol;
    this.maxPacketBytes = maxPacketBytes;
    client.on('error', error => {
      this.#reason = sentenceOf(error);
    });
    client.on('disconnect', packet => {
      if (packet.reasonCode === 142) this.#reason = 'another client uses the same client id';
    });
    this.closed = new Promise(resolve => {
      client.once('close', () => {
        this.isOpen = false;
        for (const reject of this.#waiting) reject(new Error(this.#reason));
        client.end(true);
        resolve(this.#reason);
      });
    });
  }

  async send(topic: string, payload: string | Buffer, options: SendOptions): Promise<void> {
    const bytes = packetBytes(topic, payload);
    if (bytes > this.maxPacketBytes) {
      throw new GlimpserError(
        'body-too-large',
        `${topic}: ${bytes} bytes, the broker takes ${this.maxPacketBytes}.`,
      );
    }
    try {
      await this.#acknowledged(done => this.#client.publish(topic, payload, options, done));
    } catch (thrown) {
      throw topicFailure(thrown, 'write', topic);
    }
  }

  async subscribe(topics: readonly string[]): Promise<void> {
    try {
      await this.#acknowledged(done => this.#client.subscribe([...topics], { qos: 1 }, done));
    } catch (thrown) {
      throw topicFailure(thrown, 'read', topics.join(', '));
    }
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    await this.#acknowledged(done => this.#client.unsubscribe([...topics], done));
  }

  onMessage(call: (message: Message) => void): Disposable {
    const listener = (topic: string, payload: Buffer, packet: IPublishPacket) =>
      call({ topic, payload, isRetained: packet.retain });
    this.#client.on('message', listener);
    return { [Symbol.dispose]: () => void this.#client.off('message', listener) };
  }

  async end(signal: AbortSignal): Promise<void> {
    const cutOff = () => void this.#client.end(true);
    signal.addEventListener('abort', cutOff, { once: true });
    if (this.isOpen) this.#client.end(signal.aborted);
    await this.closed;
    signal.removeEventListener('abort', cutOff);
  }

  /** The library forgets some callbacks when the connection breaks; here each is told. */
  async #acknowledged(ask: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (!this.isOpen) throw new Error(this.#reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add(reject);
    try {
      ask(error => (error ? reject(error) : resolve()));
      await promise;
    } finally {
      this.#waiting.delete(reject);
    }
  }
}
