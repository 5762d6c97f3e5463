/** What the web app asks before something is lost, in a real browser. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Source } from '#server/model/source.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';
import { until } from '#test/fakes/until.ts';
import { type HubProcess, startHubProcess } from '#test/peers/hub-process.ts';
import { SCREENS, startVisitor, type Visitor } from '#test/peers/visitor.ts';

async function startHub(t: TestContext): Promise<HubProcess> {
  return startHubProcess({ folder: await temporaryFolder(t) });
}

/** Makes the account; the visitor stands before the wall then. */
async function enter(visitor: Visitor, hub: HubProcess): Promise<void> {
  await visitor.page.goto(hub.setupUrl ?? '');
  await visitor.type('setup-name', 'Ada');
  await visitor.type('setup-password', 'a long password for tests');
  await visitor.click('setup-submit');
  await visitor.see('[data-test="nav-add"]');
}

async function addOff(hub: HubProcess, kind: string, name: string, options: object): Promise<string> {
  return (await hub.api<Source>('POST', 'api/sources', { name, kind, enabled: false, options })).id;
}

/** What the dialog says, once it is at rest. */
async function askedOf({ page, see }: Visitor): Promise<string> {
  const dialog = await see('[data-test="confirm"]');
  await until('the dialog is at rest', () => page.evaluate(() => document.getAnimations().length === 0));
  return dialog.evaluate(element => `${element.getAttribute('label')} ${element.textContent}`);
}

async function answer(visitor: Visitor, name: 'confirm-yes' | 'confirm-no'): Promise<void> {
  await visitor.click(name);
  await visitor.page.waitForSelector('[data-test="confirm"]', { hidden: true });
}

test('who deletes a source is told which wall shows it, in a dialog that fits the screen', async t => {
  await using hub = await startHub(t);
  const door = await addOff(hub, 'test', 'Door', {});
  const yard = await addOff(hub, 'test', 'Yard', {});
  await addOff(hub, 'wall', 'Hall screen', { sources: [door, yard] });
  for (const screen of [SCREENS.phone, SCREENS.desk]) {
    await using visitor = await startVisitor(screen);
    if (screen === SCREENS.phone) await enter(visitor, hub);
    else await logIn(visitor, hub);
    await visitor.page.goto(`${hub.url}source/${door}`);
    await visitor.click('delete');
    assert.match(await askedOf(visitor), /Delete Door\?.*“Hall screen” shows it, too/s);
    const hasSideBar = await visitor.page.$eval('[data-test="confirm"]', element => {
      const box = element.shadowRoot?.querySelector('dialog') ?? element;
      return box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== 'hidden';
    });
    assert.equal(hasSideBar, false);
    assert.equal(await visitor.excess(), 0);
    await answer(visitor, 'confirm-no');
    await hub.api('GET', `api/sources/${door}`);
    assert.deepEqual(visitor.troubles, []);
  }
});

async function logIn(visitor: Visitor, hub: HubProcess): Promise<void> {
  await visitor.page.goto(hub.url);
  await visitor.type('login-name', 'Ada');
  await visitor.type('login-password', 'a long password for tests');
  await visitor.click('login-submit');
  await visitor.see('[data-test="nav-add"]');
}

async function loginsOf(hub: HubProcess): Promise<string[]> {
  const { items } = await hub.api<{ items: Array<{ name: string }> }>('GET', 'api/stream-logins');
  return items.map(({ name }) => name);
}

test("a recorder's login is withdrawn only after a yes", async t => {
  await using hub = await startHub(t);
  await using visitor = await startVisitor(SCREENS.desk);
  await enter(visitor, hub);
  await visitor.page.goto(`${hub.url}settings/keys`);
  await visitor.type('recorder-name', 'frigate');
  await visitor.click('recorder-save');
  await visitor.click('recorder-withdraw');
  assert.match(await askedOf(visitor), /Withdraw frigate\?.*cannot be shown again/s);
  await answer(visitor, 'confirm-no');
  assert.deepEqual(await loginsOf(hub), ['frigate']);
  await visitor.click('recorder-withdraw');
  await answer(visitor, 'confirm-yes');
  await until('it is withdrawn', async () => (await loginsOf(hub)).length === 0);
  assert.deepEqual(visitor.troubles, []);
});

test('the page that finds cameras shows a wrong entry alone, and begins nothing without one', async t => {
  await using hub = await startHub(t);
  await using visitor = await startVisitor(SCREENS.desk);
  await enter(visitor, hub);
  const { page } = visitor;
  const scans = async () => (await hub.api<{ items: unknown[] }>('GET', 'api/discovery/scans')).items.length;
  await hub.api('PATCH', 'api/settings', { network: { allowLoopback: true } });
  await hub.api('POST', 'api/discovery/scan', { subnets: ['127.0.0.1'], methods: ['http'] });
  await page.goto(`${hub.url}find`);
  await visitor.see('[data-test="find-words"]');
  await page.waitForSelector('[data-test="find"]');
  await page.select('#subnet', 'other');
  await visitor.see('[data-test="written"]');
  await visitor.click('find');
  await visitor.see('#written-error');
  assert.equal(await scans(), 1);
  await visitor.type('written', 'banana');
  await page.waitForSelector('#written-error', { hidden: true });
  await visitor.see('[data-test="find-words"]');
  await visitor.click('find');
  await visitor.see('.notice.is-bad');
  assert.equal(await page.$('[data-test="find-words"]'), null);
  assert.equal(await page.$('.empty-state'), null);
  assert.equal(await scans(), 1);
});

test('nobody loses what they entered by a link, by the way back, or by closing the tab', async t => {
  await using hub = await startHub(t);
  await using visitor = await startVisitor(SCREENS.desk);
  await enter(visitor, hub);
  const { page } = visitor;
  const form = `${hub.url}add/image`;
  const name = () => page.$eval('[data-test="field-name"]', field => (field as HTMLInputElement).value);
  await visitor.click('nav-add');
  await visitor.click('kind-image');
  await visitor.see('[data-test="field-name"]');
  await visitor.click('nav-add');
  await visitor.click('kind-image');
  await visitor.type('field-options-url', 'http://127.0.0.1:9/a.jpg');
  await visitor.type('field-name', 'Gate');
  await page.evaluate(() => history.back());
  assert.match(await askedOf(visitor), /Discard what you entered\?/);
  assert.deepEqual(await visitor.barriers(), []);
  await answer(visitor, 'confirm-no');
  // The way back was taken before anybody could be asked; the browser goes forward again in its own time.
  await until('the form is there again', () => page.url() === form);
  assert.equal(await name(), 'Gate');
  const closing = new Promise<string>(resolve => {
    page.once('dialog', dialog => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  await page.close({ runBeforeUnload: true });
  assert.equal(await closing, 'beforeunload');
  await visitor.click('try');
  await (await visitor.see('[data-test="try-result"] a')).click();
  await askedOf(visitor);
  await answer(visitor, 'confirm-no');
  assert.deepEqual([page.url(), await name()], [form, 'Gate']);
  await (await visitor.see('[data-test="try-result"] a')).click();
  await answer(visitor, 'confirm-yes');
  await visitor.see('[data-test="settings-hub"][aria-current="page"]');
  assert.equal(page.url(), `${hub.url}settings`);
  assert.deepEqual(visitor.troubles, []);
});
