import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestName } from '#ui/app/forms/source-name.ts';

const kind = (id: string, title: string, family: 'camera' | 'website' = 'camera') => ({ id, title, family });
const named = (values: Record<string, string>, learnedName = '') => ({ values, learnedName });

test('a source is called what it calls itself, else after its place', () => {
  const rtsp = kind('rtsp', 'Camera (RTSP)');
  const site = kind('website', 'Website', 'website');
  const cases: Array<[string, string]> = [
    [suggestName(named({ 'options.url': 'rtsp://192.168.1.20:554/a' }), rtsp), 'Camera at 192.168.1.20'],
    [suggestName(named({ 'options.url': 'rtsp://192.168.1.20/a' }, ' Tulip  Eye_2 '), rtsp), 'Tulip Eye 2'],
    [suggestName(named({ 'options.url': '' }), rtsp), 'Camera'],
    [suggestName(named({ 'options.url': 'https://www.site.example/a' }), site), 'site.example'],
    [
      suggestName(named({ 'options.url': 'https://www.site.example/a' }, 'Weather today'), site),
      'Weather today',
    ],
    [
      suggestName(named({ 'options.url': 'http://cam.lan/a.jpg' }), kind('image', 'Still')),
      'Picture from cam.lan',
    ],
    [
      suggestName(named({ 'options.url': 'https://a.example/a.m3u8' }), kind('hls', 'HLS')),
      'Video from a.example',
    ],
    [
      suggestName(named({ 'options.address': '10.0.0.5:8000' }), kind('onvif', 'ONVIF')),
      'Camera at 10.0.0.5',
    ],
    [suggestName(named({ 'options.path': 'clips/front_door.mp4' }), kind('file', 'File')), 'front door'],
    [suggestName(named({}), kind('wall', 'Wall of several sources')), 'Wall of several sources'],
  ];
  for (const [found, expected] of cases) assert.equal(found, expected);
});

test('a name that is taken gets a number, and none is longer than the hub takes', () => {
  const values = { 'options.url': 'rtsp://10.0.0.5/a' };
  const rtsp = kind('rtsp', 'Camera');
  const taken = ['camera at 10.0.0.5', 'Camera at 10.0.0.5 2'];
  assert.equal(suggestName(named(values), rtsp, taken), 'Camera at 10.0.0.5 3');
  const long = 'x'.repeat(200);
  assert.equal(suggestName(named(values, long), rtsp).length, 80);
  assert.ok(suggestName(named(values, long), rtsp, ['x'.repeat(80)]).length <= 80);
});
