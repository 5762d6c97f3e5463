/** A still picture at an HTTP address, asked for again and again; nothing is sent when it has not changed. */
import { z } from 'zod';
import { splitLogin } from '#base/http-login.ts';
import { stillPictures } from '#base/still-pictures.ts';
import { checkCertificate, httpAddress, loginOptions } from '#base/web-options.ts';
import { defineKind } from './kind.ts';

const options = z.strictObject({
  url: httpAddress('Address of the picture, such as http://192.168.1.20/snapshot.jpg'),
  ...loginOptions(),
  maxBytes: z
    .number()
    .int()
    .min(10_000)
    .max(100_000_000)
    .default(25_000_000)
    .describe('Larger pictures are refused, in bytes')
    .meta({ title: 'Largest picture' }),
  checkCertificate,
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
