/** Asks Home Assistant's Supervisor which MQTT broker its apps should use. */
import { z } from 'zod';
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { BrokerAddress } from './connection.ts';

/** Where the Supervisor answers its apps. */
export const SUPERVISOR_URL = 'http://supervisor';

const TIMEOUT_MS = 5000;

const answerSchema = z.object({
  data: z.object({
    host: z.string().min(1),
    port: z.coerce.number().int().min(1).max(65_535),
    ssl: z.boolean().default(false),
    username: z.string().nullish(),
    password: z.string().nullish(),
  }),
});

/**
 * The broker that the Supervisor offers; undefined when it offers none.
 * Throws `broker-unreachable` when it does not answer, so that it is asked again.
 */
export async function askSupervisor(
  url: string,
  token: string,
  signal: AbortSignal,
): Promise<BrokerAddress | undefined> {
  const response = await request(`${url}/services/mqtt`, token, signal);
  if (response.status >= 400 && response.status < 500) {
    await response.body?.cancel();
    return undefined;
  }
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !answer.success) {
    throw unanswered(`status ${response.status}`, undefined);
  }
  const { host, port, ssl, username, password } = answer.data.data;
  return {
    url: `${ssl ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    protocols: [5, 4],
    givenBy: 'Supervisor',
  };
}

async function request(url: string, token: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (thrown) {
    signal.throwIfAborted();
    throw unanswered(sentenceOf(thrown), thrown);
  }
}

function unanswered(why: string, cause: unknown): GlimpserError {
  return new GlimpserError(
    'broker-unreachable',
    `Home Assistant's Supervisor did not say which MQTT broker to use (${why}). It is asked again; or set MQTT_URL.`,
    { cause },
  );
}
