/** A still picture at an HTTP address, asked for again and again; nothing is sent when it has not changed. */
import { z } from 'zod';
import { splitLogin } from '#base/http-login.ts';
import { stillPictures } from '#base/still-pictures.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\//i, 'must be an address that starts with http:// or https://')
    .max(2000)
    .describe('Address of the picture, such as http://192.168.1.20/snapshot.jpg')
    .meta({ title: 'Address' }),
  username: z
    .string()
    .max(200)
    .default('')
    .describe('User name, when the server asks for one')
    .meta({ title: 'User name' }),
  password: z.string().max(200).default('').describe('Password').meta({ title: 'Password', secret: true }),
  maxBytes: z
    .number()
    .int()
    .min(10_000)
    .max(100_000_000)
    .default(25_000_000)
    .describe('Larger pictures are refused, in bytes')
    .meta({ title: 'Largest picture' }),
  checkCertificate: z
    .boolean()
    .default(true)
    .describe('Off: a certificate that the camera signed itself is accepted')
    .meta({ title: 'Check the certificate' }),
});

export default defineKind({
  title: 'Still picture (HTTP)',
  description: 'A picture at an address: most cameras have one, and so do many weather and traffic sites.',
  family: 'camera',
  manner: 'single',
  hasVideo: false,
  schedule: '10s',
  options,
  frames({ maxBytes, checkCertificate, ...where }, context) {
    const { url, login } = splitLogin(where.url, where.username, where.password);
    return stillPictures({ ...context, url, login, maxBytes, isCertificateChecked: checkCertificate });
  },
});
