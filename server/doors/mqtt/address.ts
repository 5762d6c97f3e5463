/** Which broker to use: the one in MQTT_URL, else the Supervisor's, else the built-in one. */
import type { Config } from '#model/config.ts';
import { type BrokerLogin, BUILT_IN_PACKET_BYTES, type RunningBroker } from './broker.ts';
import type { BrokerAddress } from './connection.ts';
import { askSupervisor, SUPERVISOR_URL } from './supervisor.ts';

/** What the choice depends on. */
export type AddressConfig = Pick<Config, 'MQTT_URL' | 'SUPERVISOR_TOKEN'>;

/** A broker, or the word that the built-in one is to be used and why. */
export type ChosenBroker = { address: BrokerAddress } | { isBuiltIn: true; note: string };

/** Chooses the broker. Throws `broker-unreachable` when the Supervisor does not answer. */
export async function chooseBroker(
  config: AddressConfig,
  signal: AbortSignal,
  supervisorUrl: string = SUPERVISOR_URL,
): Promise<ChosenBroker> {
  if (config.MQTT_URL !== undefined) return { address: readMqttUrl(config.MQTT_URL) };
  if (config.SUPERVISOR_TOKEN === undefined) return { isBuiltIn: true, note: '' };
  const offered = await askSupervisor(supervisorUrl, config.SUPERVISOR_TOKEN, signal);
  if (offered) return { address: offered };
  return {
    isBuiltIn: true,
    note: ' Home Assistant offers no MQTT broker, so the built-in one is used. Install the app “Mosquitto broker”, or set MQTT_URL.',
  };
}

/** The address in a URL, with the login taken out of it. */
export function readMqttUrl(text: string): BrokerAddress {
  const url = new URL(text);
  const username = decoded(url.username);
  const password = decoded(url.password);
  url.username = '';
  url.password = '';
  return {
    url: url.href.replace(/\/$/, ''),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    protocols: [5, 4],
    givenBy: 'MQTT_URL',
  };
}

/** A lone % is taken as it stands: people paste passwords. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of the built-in broker for ourselves. Aedes speaks 3.1.1 only. */
export function builtInAddress(broker: RunningBroker, login: BrokerLogin): BrokerAddress {
  const host = broker.host === '0.0.0.0' ? '127.0.0.1' : broker.host === '::' ? '::1' : broker.host;
  return {
    url: `mqtt://${host.includes(':') ? `[${host}]` : host}:${broker.port}`,
    ...login,
    protocols: [4],
    maxPacketBytes: BUILT_IN_PACKET_BYTES,
    givenBy: 'hub',
  };
}
