/** What forms pick from: the sources of a wall and the devices of this machine; and how to send pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '#server/model/source.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { jpeg } from '#test/fakes/pictures.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { SCREENS, startVisitor, type Visitor } from '#test/peers/visitor.ts';

async function enter(hub: HubProcess, visitor: Visitor): Promise<void> {
  await visitor.page.goto(`${hub.url}setup${new URL(hub.setupUrl ?? '').search}`);
  await visitor.type('setup-name', 'Ada');
  await visitor.type('setup-password', 'a long password for tests');
  await visitor.click('setup-submit');
  await visitor.see('[data-test="first-camera"]');
}

async function addTest(hub: HubProcess, name: string): Promise<string> {
  const draft = { name, kind: 'test', schedule: '1h', options: { width: 320, height: 180 } };
  return (await hub.api<Source>('POST', 'api/sources', draft)).id;
}

const chosen = (id: string) => `[data-test="field-options-sources"] input[value="${id}"]`;

test('a wall is made of ticks, in their order; what is removed since can be taken off', async t => {
  await using hub = await startHubProcess({ folder: await temporaryFolder(t) });
  await using visitor = await startVisitor(SCREENS.phone);
  await enter(hub, visitor);
  const [door, yard, gate] = [
    await addTest(hub, 'Door'),
    await addTest(hub, 'Yard'),
    await addTest(hub, 'Gate'),
  ];
  await visitor.page.goto(`${hub.url}add/wall`);
  await visitor.see(chosen(door));
  await visitor.type('field-name', 'Hall');
  await visitor.click('save');
  await visitor.see('[data-test="field-options-sources"].has-error');
  for (const id of [yard, door]) await (await visitor.see(chosen(id))).click();
  assert.deepEqual(await visitor.barriers(), []);
  assert.equal(await visitor.excess(), 0);
  await visitor.click('save');
  const wall = await until('the wall is there', async () => {
    const { items } = await hub.api<{ items: Source[] }>('GET', 'api/sources?kind=wall');
    return items[0];
  });
  assert.deepEqual(wall.options['sources'], [yard, door]);
  await hub.api('DELETE', `api/sources/${door}`);
  await visitor.page.goto(`${hub.url}source/${wall.id}/edit`);
  await (await visitor.see(chosen(door))).click();
  await (await visitor.see(chosen(gate))).click();
  await visitor.click('save');
  await until('the list is another', async () => {
    const { options } = await hub.api<Source>('GET', `api/sources/${wall.id}`);
    return JSON.stringify(options['sources']) === JSON.stringify([yard, gate]);
  });
});

test('a device is picked with a tap, or its path is typed', async t => {
  await using hub = await startHubProcess({ folder: await temporaryFolder(t) });
  await using visitor = await startVisitor(SCREENS.desk);
  await enter(hub, visitor);
  const { page } = visitor;
  await page.goto(`${hub.url}add/usb`);
  await visitor.see('[data-test="devices"], [data-test="no-devices"]');
  await page.setRequestInterception(true);
  const items = [
    { path: '/dev/video0', stablePath: '/dev/v4l/by-id/usb-eye-index0', name: 'Eye' },
    { path: '/dev/video2', stablePath: null, name: 'Stick' },
  ];
  page.on('request', asked => {
    if (!asked.url().endsWith('/api/discovery/devices')) return void asked.continue();
    void asked.respond({ contentType: 'application/json', body: JSON.stringify({ items, next: null }) });
  });
  await page.reload();
  await visitor.see('[data-test="devices"]');
  const typed = () =>
    page.$eval('[data-test="field-options-device"]', field => (field as HTMLInputElement).value);
  const ticked = () =>
    page.$$eval('[data-test="devices"] input', all => all.map(one => (one as HTMLInputElement).checked));
  assert.deepEqual([await typed(), await ticked()], ['/dev/video0', [true, false]]);
  await page.locator('[data-test="devices"] label:nth-child(2)').click();
  assert.equal(await typed(), '/dev/video2');
  await page.locator('[data-test="devices"] label:nth-child(1)').click();
  assert.equal(await typed(), '/dev/v4l/by-id/usb-eye-index0');
  await visitor.type('field-options-device', '/dev/video7');
  assert.deepEqual(await ticked(), [false, false]);
  assert.deepEqual(await visitor.barriers(), []);
});

test('a source that others send to says that it waits and how to send, and the command works', async t => {
  await using hub = await startHubProcess({ folder: await temporaryFolder(t) });
  await using visitor = await startVisitor(SCREENS.phone);
  await enter(hub, visitor);
  const { id } = await hub.api<Source>('POST', 'api/sources', { name: 'Phone', kind: 'push' });
  await visitor.page.goto(`${hub.url}source/${id}`);
  const words = await visitor.see('[data-test="state"]');
  const text = () => words.evaluate(element => element.textContent ?? '');
  await until('it says so', async () => (await text()).includes('Waiting for the first picture'));
  await (await visitor.see('[data-test="state"] a')).click();
  await visitor.see('[data-test="sending"]');
  assert.deepEqual([await visitor.excess(), await visitor.barriers()], [0, []]);
  const address = await visitor.page.$eval(
    '[data-test="sending"] input',
    field => (field as HTMLInputElement).value,
  );
  const sent = await fetch(address, {
    method: 'POST',
    headers: { 'x-api-key': 'test-key', 'content-type': 'image/jpeg' },
    body: Uint8Array.from((await jpeg('teal')).image),
  });
  assert.equal(sent.status, 401, 'only with a key');
  const { secret } = await hub.api<{ secret: string }>('POST', 'api/keys', {
    name: 'phone',
    role: 'operator',
  });
  const taken = await fetch(address, {
    method: 'POST',
    headers: { 'x-api-key': secret, 'content-type': 'image/jpeg' },
    body: Uint8Array.from((await jpeg('teal')).image),
  });
  assert.equal(taken.status, 202);
  await until('it shows', async () => !(await text()).includes('Waiting'));
});
