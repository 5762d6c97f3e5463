/** What people do with forms and tiles in a real browser: a pasted login, a name that suggests itself, a new order. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Source } from '#server/model/source.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { startOnvifCamera } from '#test/peers/onvif-camera.ts';
import { SCREENS, startVisitor, type Visitor } from '#test/peers/visitor.ts';

async function startHub(t: TestContext): Promise<HubProcess> {
  const hub = await startHubProcess({ folder: await temporaryFolder(t) });
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  return hub;
}

/** Makes the account; the visitor stands before the wall then. */
async function enter(visitor: Visitor, hub: HubProcess): Promise<void> {
  await visitor.page.goto(hub.setupUrl ?? '');
  await visitor.type('setup-name', 'Ada');
  await visitor.type('setup-password', 'a long password for tests');
  await visitor.click('setup-submit');
  await visitor.see('[data-test="nav-add"]');
}

function fieldText({ page }: Visitor, name: string): Promise<string> {
  return page.$eval(`[data-test="${name}"]`, field => (field as HTMLInputElement).value);
}

test('a pasted login leaves the address at once, and the camera brings its name along', async t => {
  await using hub = await startHub(t);
  await using camera = await startOnvifCamera();
  await using visitor = await startVisitor(SCREENS.desk);
  await enter(visitor, hub);
  await visitor.click('nav-add');
  await visitor.click('kind-onvif');
  await visitor.see('[data-test="field-options-address"]');
  await visitor.page.focus('[data-test="field-options-address"]');
  // As a paste does it: whole, and without leaving the field.
  await visitor.page.evaluate(text => {
    const field = document.activeElement as HTMLInputElement;
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
  }, `ann:tulip@${camera.address}`);
  await visitor.see('.hint p');
  assert.equal(await fieldText(visitor, 'field-options-address'), camera.address);
  assert.equal(await fieldText(visitor, 'field-options-username'), 'ann');
  assert.equal(await fieldText(visitor, 'field-options-password'), 'tulip');
  assert.equal(await fieldText(visitor, 'field-name'), 'Camera at 127.0.0.1');
  await visitor.click('try');
  await visitor.see('[data-test="try-picture"]');
  await until(
    'the name is learned',
    async () => (await fieldText(visitor, 'field-name')) === 'Tulip & Sons Eye 2',
  );
  assert.deepEqual(await visitor.barriers(), []);
  await visitor.see('[data-test="more-live"]');
  await visitor.page.click('[data-test="schedule"] [value="every"]');
  await visitor.page.waitForSelector('[data-test="more-live"]', { hidden: true });
  await visitor.page.click('[data-test="schedule"] [value="live"]');
  await visitor.click('save');
  await until('it is added', async () => (await namesOf(hub)).includes('Tulip & Sons Eye 2'));
  assert.deepEqual(visitor.troubles, []);
});

test('an address that is left by a press on Try it does not make the press miss', async t => {
  await using hub = await startHub(t);
  await using camera = await startOnvifCamera();
  await using visitor = await startVisitor(SCREENS.phone);
  await enter(visitor, hub);
  await visitor.page.goto(`${hub.url}add/onvif`);
  await visitor.see('[data-test="field-options-address"]');
  await visitor.page.type('[data-test="field-options-address"]', `ann:tulip@${camera.address}`);
  assert.equal(await fieldText(visitor, 'field-options-username'), '', 'while one types nothing moves');
  await visitor.click('try');
  await visitor.see('[data-test="try-picture"]');
  assert.equal(await fieldText(visitor, 'field-options-username'), 'ann');
  assert.equal(await visitor.excess(), 0);
});

async function namesOf(hub: HubProcess): Promise<string[]> {
  const { items } = await hub.api<{ items: Source[] }>('GET', 'api/sources');
  return items.map(source => source.name);
}

async function addSome(hub: HubProcess): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const name of ['One', 'Two', 'Three']) {
    const draft = { name, kind: 'test', enabled: false, options: {} };
    ids[name] = (await hub.api<Source>('POST', 'api/sources', draft)).id;
  }
  return ids;
}

/** Where to take the tile of a source. */
async function middleOf({ page }: Visitor, id: string, inside = ''): Promise<{ x: number; y: number }> {
  const box = await (await page.$(`li[data-id="${id}"] ${inside}`))?.boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('tiles are put in order by mouse and by keys, and Cancel leaves all as it was', async t => {
  await using hub = await startHub(t);
  const ids = await addSome(hub);
  await using visitor = await startVisitor(SCREENS.desk);
  const { page } = visitor;
  await enter(visitor, hub);
  await visitor.click('wall-arrange');
  await visitor.see('[data-test="arrange"]');
  const from = await middleOf(visitor, ids['One'] ?? '');
  const to = await middleOf(visitor, ids['Three'] ?? '');
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
  assert.deepEqual(await visitor.barriers(), []);
  await visitor.click('arrange-done');
  await until('the order is stored', async () => (await namesOf(hub)).join() === 'Two,Three,One');
  await visitor.click('wall-arrange');
  await (await visitor.see(`[data-test="earlier-${ids['One']}"]`)).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowLeft');
  await visitor.click('arrange-done');
  await until('the order is stored', async () => (await namesOf(hub)).join() === 'One,Two,Three');
  await visitor.click('wall-arrange');
  await visitor.click(`later-${ids['One']}`);
  await visitor.click('arrange-cancel');
  await visitor.see('[data-test="wall-arrange"]');
  assert.deepEqual(await namesOf(hub), ['One', 'Two', 'Three']);
  assert.deepEqual(visitor.troubles, []);
});

test('a finger takes a tile by its grip', async t => {
  await using hub = await startHub(t);
  const ids = await addSome(hub);
  await using visitor = await startVisitor(SCREENS.phone);
  const { page } = visitor;
  await enter(visitor, hub);
  await visitor.click('wall-arrange');
  await visitor.see('[data-test="arrange"]');
  const from = await middleOf(visitor, ids['One'] ?? '', '.grip');
  const to = await middleOf(visitor, ids['Two'] ?? '');
  await page.touchscreen.touchStart(from.x, from.y);
  await page.touchscreen.touchMove((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.touchscreen.touchMove(to.x, to.y);
  await page.touchscreen.touchEnd();
  await visitor.click('arrange-done');
  await until('the order is stored', async () => (await namesOf(hub)).join() === 'Two,One,Three');
  assert.equal(await visitor.excess(), 0);
});

test('on a phone the section that is open stands in view, and the list shows where it goes on', async t => {
  await using hub = await startHub(t);
  await using visitor = await startVisitor(SCREENS.phone);
  await enter(visitor, hub);
  for (const [section, more] of [
    ['hub', 'end'],
    ['keys', 'both'],
    ['about', 'start'],
  ]) {
    await visitor.page.goto(`${hub.url}settings/${section}`);
    const list = await visitor.see(`.settings-nav[data-more="${more}"]`);
    const isSeen = await list.$eval('[aria-current]', element => {
      const { left, right } = element.getBoundingClientRect();
      return left >= 0 && right <= 390;
    });
    assert.ok(isSeen, section);
  }
});
