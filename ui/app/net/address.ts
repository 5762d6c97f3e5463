/** Addresses below the hub's base, wherever a proxy has put it. */

/** The absolute address of a path below the base: `api/sources`. */
export function addressOf(path: string, base: string = document.baseURI): string {
  return new URL(path.replace(/^\/+/, ''), base).href;
}

/** The same as a WebSocket address. */
export function socketAddressOf(path: string, base: string = document.baseURI): string {
  return addressOf(path, base).replace(/^http/, 'ws');
}

/** The app's own path in an absolute address, or undefined when it lies outside the base. */
export function appPathOf(href: string, base: string): string | undefined {
  const baseUrl = new URL('.', base);
  const url = new URL(href, base);
  if (url.origin !== baseUrl.origin || !url.pathname.startsWith(baseUrl.pathname)) return undefined;
  return url.pathname.slice(baseUrl.pathname.length).replace(/\/+$/, '');
}

/** True inside Home Assistant, where the address holds a token and another worker lives on the origin. */
export function isIngressAddress(href: string): boolean {
  return new URL(href).pathname.includes('/api/hassio_ingress/');
}
