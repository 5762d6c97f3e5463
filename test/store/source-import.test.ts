import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceDraftSchema } from '#server/model/source.ts';
import { importDraft, importList } from '#server/store/source-import.ts';

const door = {
  url: 'rtsp://10.0.0.5/1',
  frequency: 5,
  timeout: 10,
  groups: 'Front yard, priority',
  auth_username: 'ann',
  auth_password: 'tulip',
  motion: 0.2,
  headless: true,
  stealth: false,
  last_caption: 'a door',
};
const news = {
  url: 'https://example.com/',
  frequency: 60,
  popup_xpath: '//div[@id="consent"]',
  dedicated_xpath: '//main',
  motion: 1,
  callback_url: 'http://hook/',
};

test('an export of templates by name imports as it is', () => {
  const [first, second] = importList({ door, news }).map(importDraft);
  assert.deepEqual(sourceDraftSchema.parse(first?.draft).options, {
    url: door.url,
    username: 'ann',
    password: 'tulip',
  });
  assert.deepEqual(
    [first?.draft['kind'], first?.draft['schedule'], first?.draft['groups'], first?.draft['motion']],
    ['rtsp', '5m', ['front-yard', 'priority'], { enabled: true }],
  );
  assert.deepEqual(second?.draft['options'], {
    url: news.url,
    element: '//main',
    remove: [news.popup_xpath],
  });
  assert.deepEqual(
    [second?.draft['kind'], second?.draft['schedule'], second?.draft['motion']],
    ['website', '1h', { enabled: false }],
  );
  assert.match(second?.notices.join() ?? '', /callback_url/);
});

test('our own drafts, lists and exports pass through without their id', () => {
  const draft = { name: 'Door', kind: 'rtsp', options: { url: 'rtsp://h/1' } };
  assert.deepEqual(
    importList([draft]).map(one => importDraft(one).draft),
    [draft],
  );
  assert.deepEqual(
    importList({ sources: [{ ...draft, id: 'door1234' }] }).map(one => importDraft(one).draft),
    [draft],
  );
});

test('a field that nobody knows stays, so that the check refuses it by name', () => {
  const { draft } = importDraft({ ...door, name: 'Door', colour: 'red' });
  assert.match(sourceDraftSchema.safeParse(draft).error?.message ?? '', /colour/);
});

test('what is no import is refused', () => {
  for (const wrong of [null, 'x', 5, [1], { door: 'x' }])
    assert.throws(() => importList(wrong), { code: 'body-invalid' });
});
