/** The address by which others reach this hub: as it was set, else as this request came. */
import type { IncomingMessage } from 'node:http';
import { isHttps, ownHosts, pathPrefix } from './peer.ts';

/** With a slash at its end. */
export function publicBase(request: IncomingMessage, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/*$/, '/');
  const host = ownHosts(request).at(-1) ?? 'localhost';
  return `${isHttps(request) ? 'https' : 'http'}://${host}${pathPrefix(request)}/`;
}
