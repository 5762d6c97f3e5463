/** Options that sources share which are asked over the network: address, login, certificate, transport. */
import { z } from 'zod';

/** An address over HTTP; `help` says of what. */
export function httpAddress(help: string) {
  return z
    .string()
    .regex(/^https?:\/\//i, 'must be an address that starts with http:// or https://')
    .max(2000)
    .describe(help)
    .meta({ title: 'Address' });
}

/** Name and password, to be spread into the options of a kind. */
export function loginOptions(help: { username?: string; password?: string } = {}) {
  const { username = 'User name, when it asks for one', password = 'Password' } = help;
  return {
    username: z.string().max(200).default('').describe(username).meta({ title: 'User name' }),
    password: z.string().max(200).default('').describe(password).meta({ title: 'Password', secret: true }),
  };
}

/** Whether a certificate has to be a known one. */
export const checkCertificate = z
  .boolean()
  .default(true)
  .describe('Off: a certificate that the camera signed itself is accepted')
  .meta({ title: 'Check the certificate' });

/** How the stream of a camera travels. */
export const transport = z
  .enum(['tcp', 'udp', 'prefer_tcp'])
  .default('tcp')
  .describe('How pictures travel. TCP loses nothing; UDP only where TCP does not work')
  .meta({ title: 'How pictures travel', labels: { prefer_tcp: 'TCP, else UDP' } });
