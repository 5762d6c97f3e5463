import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessKind, withScheme } from '#ui/app/forms/guess-kind.ts';

test('the kind is guessed from the address', () => {
  const table: Record<string, string | undefined> = {
    'rtsp://192.168.1.20/live': 'rtsp',
    '192.168.1.20:554/stream1': 'rtsp',
    'ann:tulip@camera.local:8554/cam': 'rtsp',
    'https://site.example/live/index.m3u8?x=1': 'hls',
    'youtube.com/watch?v=x': 'ytdlp',
    'http://192.168.1.20/video.mjpg': 'mjpeg',
    'http://192.168.1.20/snapshot.jpg': 'image',
    'homeassistant.local:8123': 'website',
    'example.org': 'website',
    'no address': undefined,
    '': undefined,
  };
  for (const [text, kind] of Object.entries(table)) assert.equal(guessKind(text), kind, text);
});

test('an address without a scheme gets the one that likely answers', () => {
  const table: Record<string, string> = {
    'example.org/page': 'https://example.org/page',
    'http://example.org': 'http://example.org',
    '127.0.0.1:18999': 'http://127.0.0.1:18999',
    'homeassistant.local:8123/lovelace?kiosk': 'http://homeassistant.local:8123/lovelace?kiosk',
    'nas:5000': 'http://nas:5000',
    '192.168.1.5:443': 'https://192.168.1.5:443',
    '[fd00::1]:8123': 'http://[fd00::1]:8123',
    'example.org:8443': 'https://example.org:8443',
    'ann:tulip@192.168.1.20:554/live': 'rtsp://ann:tulip@192.168.1.20:554/live',
    ' ': '',
  };
  for (const [text, address] of Object.entries(table)) assert.equal(withScheme(text), address, text);
});
