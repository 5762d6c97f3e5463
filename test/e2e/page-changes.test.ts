/** A page is edited while the hub looks at it: the real browser, the real thread, the event by REST. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Capture } from '#server/model/capture.ts';
import type { Event } from '#server/model/event.ts';
import type { Source } from '#server/model/source.ts';
import type { SourceState } from '#server/model/state.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { startHubProcess } from '#test/peers/hub-process.ts';

test('one figure of a page is edited, and an event says so', async t => {
  let price = '€ 12.50';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><title>Prices</title><h1>Prices</h1><p>Coffee ${price}</p><p>Tea € 3.20</p>`,
    );
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await using hub = await startHubProcess({ folder: await temporaryFolder(t) });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  const draft = {
    name: 'Prices',
    kind: 'website',
    schedule: '2s',
    options: { url },
    change: { enabled: true },
  };
  const source = await hub.api<Source>('POST', 'api/sources', draft);
  assert.deepEqual(source.change, { enabled: true, least: 0, learn: true, ignore: [] });
  const state = () => hub.api<SourceState>('GET', `api/sources/${source.id}/state`);
  await until('a picture came', async () => (await state()).status === 'ok');
  const events = async () =>
    (await hub.api<{ items: Event[] }>('GET', `api/events?source=${source.id}&type=changed`)).items;
  assert.deepEqual(await events(), []);
  price = '€ 13.50';
  const isTold = async () => (await events()).length > 0;
  // Pages are compared every ten seconds only, and a slow machine takes some for a picture.
  await until('the change was told', isTold).catch(() => until('the change was told', isTold));
  const [event = assert.fail()] = await events();
  assert.match(event.summary, /^Prices changed: one place, (less than 0\.1|0\.\d) % of the picture$/);
  assert.equal(event.closedAt, event.openedAt);
  const captures = async () =>
    (await hub.api<{ items: Capture[] }>('GET', `api/captures?source=${source.id}`)).items;
  await until('its picture is kept', async () => (await captures()).some(({ reason }) => reason === 'event'));
});
