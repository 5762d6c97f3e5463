/** Registers the service worker and offers a new version when one is there. */
import { addressOf, isIngressAddress } from '#app/net/address.ts';
import { sayWithAction } from '#app/parts/toasts.ts';

/** Registers the worker; never inside Home Assistant and never where the browser forbids it. */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator) || !isSecureContext || isIngressAddress(document.baseURI)) return;
  const hadWorker = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (hadWorker) location.reload();
  });
  navigator.serviceWorker
    .register(addressOf('sw.js'), { scope: addressOf('') })
    .then(watchForUpdate)
    .catch(() => {
      // Without a worker the app works as before, only not offline.
    });
}

function watchForUpdate(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) offerUpdate(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) offerUpdate(worker);
    });
  });
}

function offerUpdate(worker: ServiceWorker): void {
  sayWithAction('A new version is ready.', 'Reload', () => worker.postMessage('use-new-version'));
}
