import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementAt, elementsNamed, escapeXml, readXml, textAt } from '#server/base/xml.ts';

test('elements are read with their namespaces, attributes and texts', () => {
  const root = readXml(
    '\uFEFF<?xml version="1.0"?>\n<!-- a > b --><a:one xmlns:a="urn:a" xmlns="urn:none"><two k="v &lt; w" a:j=\'q\'> x &amp; &#233;&#x41; <![CDATA[<raw>&amp;]]></two><a:two/></a:one>',
  );
  assert.deepEqual([root.name, root.space], ['one', 'urn:a']);
  const [two, other] = root.children;
  assert.deepEqual([two?.space, other?.space], ['urn:none', 'urn:a']);
  assert.equal(two?.text, 'x & éA <raw>&amp;');
  assert.deepEqual(
    [...(two?.attributes ?? [])],
    [
      ['k', 'v < w'],
      ['j', 'q'],
    ],
  );
});

test('paths find elements; what is not there is empty', () => {
  const root = readXml('<a><b><c>1</c></b><b><c>2</c></b></a>');
  assert.equal(textAt(root, 'b', 'c'), '1');
  assert.equal(textAt(root, 'b', 'x', 'y'), '');
  assert.equal(elementAt(undefined, 'b'), undefined);
  assert.deepEqual(
    elementsNamed(root, 'c').map(found => found.text),
    ['1', '2'],
  );
});

test('entities are never made or expanded', () => {
  const bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>';
  assert.throws(() => readXml(bomb), { code: 'source-broken', message: /document type/ });
  assert.equal(readXml('<a>&lol; &amp;lt; &#xffffffff;</a>').text, '&lol; &lt; &#xffffffff;');
  assert.throws(() => readXml('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), /document type/);
});

test('what is no XML, or too much of it, is refused in words', () => {
  const wrong = [
    '',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    'text',
    '<a b=c/>',
    '<a',
    '</a>',
    '<a><!-- never ends</a>',
  ];
  for (const text of wrong) assert.throws(() => readXml(text), { code: 'source-broken' }, text);
  assert.throws(() => readXml('<a>'.repeat(100)), /nested/);
  assert.throws(() => readXml(`<a>${'<b/>'.repeat(30_000)}</a>`), /nested/);
  assert.throws(() => readXml(' '.repeat(3_000_000)), /too large/);
});

test('names of this language are only names', () => {
  const root = readXml('<constructor __proto__="x"><__proto__>1</__proto__></constructor>');
  assert.equal(textAt(root, '__proto__'), '1');
  assert.equal(root.attributes.get('__proto__'), 'x');
});

test('escaped text comes back as it was', () => {
  const text = `<a & "b" 'c'>`;
  assert.equal(readXml(`<x y="${escapeXml(text)}">${escapeXml(text)}</x>`).text, text);
});
