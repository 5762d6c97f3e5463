/** Playlists with every address led to us, however it is written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leadElsewhere, listOfOne, namesPlaylists } from '#server/base/web-playlist.ts';

const BASE = 'https://cdn.test/a/live.m3u8?token=1';
const PLACES = { list: (url: URL) => `list:${url.href}`, part: (url: URL) => `part:${url.href}` };
const led = (...lines: string[]) =>
  leadElsewhere(['#EXTM3U', ...lines].join('\n'), BASE, PLACES)
    .split('\n')
    .slice(1, -1);

test('segments, their beginnings and their keys', () => {
  assert.deepEqual(
    led(
      '#EXT-X-KEY:METHOD=AES-128,URI="key.bin",IV=0x1',
      '#EXT-X-MAP:URI="/init.mp4",BYTERANGE="720@0"',
      '#EXTINF:2,',
      'one.ts?x=1',
      '#EXTINF:2,',
      'http://other.test/two.ts',
    ),
    [
      '#EXT-X-KEY:METHOD=AES-128,URI="part:https://cdn.test/a/key.bin",IV=0x1',
      '#EXT-X-MAP:URI="part:https://cdn.test/init.mp4",BYTERANGE="720@0"',
      '#EXTINF:2,',
      'part:https://cdn.test/a/one.ts?x=1',
      '#EXTINF:2,',
      'part:http://other.test/two.ts',
    ],
  );
});

test('a list of playlists leads to playlists', () => {
  const lines = [
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="sound.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=9',
    'low.m3u8',
  ];
  assert.deepEqual(led(...lines), [
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="list:https://cdn.test/a/sound.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=9',
    'list:https://cdn.test/a/low.m3u8',
  ]);
  assert.ok(namesPlaylists(lines.join('\n')) && !namesPlaylists('#EXTINF:2,\na.ts'));
  assert.ok(namesPlaylists(listOfOne('http://127.0.0.1/x')));
});

test('what other programs would read as an address is led to us, too: without quotes, with odd ends of lines', () => {
  assert.deepEqual(led('#EXT-X-MAP:URI=http://169.254.169.254/a', 'a.ts\rb.ts\0c.ts', ' d.ts '), [
    '#EXT-X-MAP:URI="part:http://169.254.169.254/a"',
    ...['a', 'b', 'c', 'd'].map(name => `part:https://cdn.test/a/${name}.ts`),
  ]);
  assert.deepEqual(led('http://[nonsense/a.ts', '#EXT-X-KEY:METHOD=NONE'), ['#EXT-X-KEY:METHOD=NONE']);
});

for (const [what, text, base] of [
  ['lines', 'a\n'.repeat(60_001), BASE],
  ['addresses', 'a\n'.repeat(20_001), BASE],
  ['addresses in one line', `#EXT-X-KEY:${'URI=a,'.repeat(20_001)}`, BASE],
  ['letters in its addresses', 'a\n'.repeat(15_000), `https://cdn.test/${'b/'.repeat(300)}`],
] as const) {
  test(`a playlist with too many ${what} is refused in a sentence`, () => {
    const refused = {
      code: 'body-too-large',
      message: /more than 20000 pieces of video.*Enter a shorter one/,
    };
    assert.throws(() => leadElsewhere(text, base, PLACES), refused);
  });
}

test('a live playlist of hours is read; an address that nobody could open is left out', () => {
  const hours = Array.from({ length: 19_000 }, (_, i) => `#EXT-X-PROGRAM-DATE-TIME:1\n#EXTINF:2,\n${i}.ts`);
  assert.equal(led(...hours).length, 57_000);
  assert.deepEqual(led('a.ts', 'b'.repeat(4097)), ['part:https://cdn.test/a/a.ts']);
});
