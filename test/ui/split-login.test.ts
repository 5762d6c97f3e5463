import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveLogin, splitLogin } from '#ui/app/forms/split-login.ts';

test('a login is taken out of an address, however it is written', () => {
  const table: Record<string, [string, string, string] | undefined> = {
    'rtsp://admin:s3cret@10.0.0.5:554/live?x=1': ['rtsp://10.0.0.5:554/live?x=1', 'admin', 's3cret'],
    'rtsp://admin:a%40b%2Fc@10.0.0.5/live': ['rtsp://10.0.0.5/live', 'admin', 'a@b/c'],
    'rtsp://admin:p@ss@10.0.0.5/live': ['rtsp://10.0.0.5/live', 'admin', 'p@ss'],
    'rtsp://admin:a/b?c#d@10.0.0.5/live': ['rtsp://10.0.0.5/live', 'admin', 'a/b?c#d'],
    'rtsp://admin:100%@10.0.0.5/': ['rtsp://10.0.0.5/', 'admin', '100%'],
    '  http://ann@site.example/door ': ['http://site.example/door', 'ann', ''],
    'admin:s3cret@192.168.1.20:8000': ['192.168.1.20:8000', 'admin', 's3cret'],
    'rtsp://10.0.0.5/live': undefined,
    'https://site.example/@name/page': undefined,
    'https://site.example:8080/@name/page': undefined,
    'https://site.example/?mail=a@b.example': undefined,
    'rtsp://@10.0.0.5/live': undefined,
    'rtsp://admin:s3cret@': undefined,
    '192.168.1.20:8000': undefined,
    'rtsp://[fd00::1]:554/live@main': undefined,
    'http://[2001:db8::1]/x?mail=a@b.example': undefined,
    'rtsp://ann:pw@[fd00::1]:554/live': ['rtsp://[fd00::1]:554/live', 'ann', 'pw'],
    '': undefined,
  };
  for (const [text, expected] of Object.entries(table)) {
    const found = splitLogin(text);
    assert.deepEqual(found && [found.address, found.username, found.password], expected, text);
  }
});

test('a pasted login goes to its own fields, and a newer one replaces an older', () => {
  const values = {
    'options.url': 'rtsp://ann:tulip@cam/1',
    'options.username': 'old',
    'options.password': 'x',
  };
  assert.deepEqual(moveLogin(values, 'options.url')?.values, {
    'options.url': 'rtsp://cam/1',
    'options.username': 'ann',
    'options.password': 'tulip',
  });
  const nameOnly = moveLogin({ ...values, 'options.url': 'rtsp://bob@cam/1' }, 'options.url');
  assert.deepEqual(
    [nameOnly?.values['options.username'], nameOnly?.values['options.password']],
    ['bob', 'x'],
    'a password that is there already stays',
  );
});

test('the login of the small stream counts only while there is none', () => {
  const values = {
    'options.subUrl': 'rtsp://ann:tulip@cam/2',
    'options.username': '',
    'options.password': '',
  };
  assert.equal(moveLogin(values, 'options.subUrl')?.values['options.username'], 'ann');
  const kept = moveLogin({ ...values, 'options.username': 'bob' }, 'options.subUrl')?.values;
  assert.deepEqual([kept?.['options.subUrl'], kept?.['options.username']], ['rtsp://cam/2', 'bob']);
});

test('nothing moves where there are no fields for it, or nothing to move', () => {
  assert.equal(moveLogin({ 'options.url': 'https://ann:tulip@site.example/' }, 'options.url'), undefined);
  const values = { 'options.url': 'rtsp://cam/1', 'options.username': '', 'options.profile': 'a:b@c' };
  assert.equal(moveLogin(values, 'options.url'), undefined);
  assert.equal(moveLogin(values, 'options.profile'), undefined);
});
