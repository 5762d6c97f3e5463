import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpOf } from '#ui/app/forms/help-words.ts';

const help = (label: string, text: string, type: 'text' | 'list' = 'text') =>
  helpOf({ label, help: text, type });

test('a help that only says the label again is left out', () => {
  assert.equal(help('Password', 'Password of the camera'), '');
  assert.equal(help('Address', 'Address of the page'), '');
  assert.equal(help('User name', 'User name, when the camera asks for one'), '');
  assert.equal(help('Pictures a second', 'Pictures a second'), '');
  assert.equal(help('Hide', 'Hide', 'list'), 'One a line.');
});

test('a help that says more is a sentence, without the label before it', () => {
  assert.equal(help('Width', 'Width of the window in pixels'), 'Width of the window in pixels.');
  assert.equal(help('JPEG quality', 'JPEG quality, 1 to 100'), '1 to 100.');
  assert.equal(help('How pictures travel', 'How pictures travel. TCP loses nothing'), 'TCP loses nothing.');
  assert.equal(help('Hide', 'Elements to hide first', 'list'), 'Elements to hide first. One a line.');
});
