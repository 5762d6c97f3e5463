import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostPort, readUrl } from '#server/base/egress-url.ts';
import { GlimpserError } from '#server/base/errors.ts';

const WEB = ['http', 'https'];
const CAMERA = ['rtsp', 'rtsps'];

describe('addresses that are read', () => {
  const table: [string, string[], string, number][] = [
    ['http://example.com/', WEB, 'example.com', 80],
    ['https://Example.COM:8443/a?b=c#d', WEB, 'example.com', 8443],
    ['HTTP://example.com', WEB, 'example.com', 80],
    ['http://user:p%40ss@cam.local/snap.jpg', WEB, 'cam.local', 80],
    ['http://bücher.example/', WEB, 'xn--bcher-kva.example', 80],
    ['http://2852039166/', WEB, '169.254.169.254', 80],
    ['http://0251.0376.0251.0376/', WEB, '169.254.169.254', 80],
    ['http://0xa9fea9fe/', WEB, '169.254.169.254', 80],
    ['http://127.1/', WEB, '127.0.0.1', 80],
    ['http://[::FFFF:127.0.0.1]/', WEB, '::ffff:7f00:1', 80],
    ['https://chat.example/#/@room', WEB, 'chat.example', 443],
    ['rtsp://192.168.1.9/stream', CAMERA, '192.168.1.9', 554],
    ['rtsp://admin:secret@cam:8554/stream?a=b', CAMERA, 'cam', 8554],
    ['rtsps://cam/stream', CAMERA, 'cam', 322],
    ['rtsp://0x7f.1/stream', CAMERA, '127.0.0.1', 554],
    ['rtsp://2130706433/stream', CAMERA, '127.0.0.1', 554],
    ['rtsp://017700000001/stream', CAMERA, '127.0.0.1', 554],
    ['rtsp://%31%32%37.0.0.1/stream', CAMERA, '127.0.0.1', 554],
    ['rtsp://[::1]:8554/stream', CAMERA, '::1', 8554],
  ];
  for (const [text, schemes, host, port] of table) {
    test(text, () => {
      const read = readUrl(text, schemes);
      assert.deepEqual([read.host, read.port], [host, port]);
    });
  }
});

describe('addresses that are refused, with what to write instead', () => {
  const table: [string, string[], RegExp][] = [
    ['file:///etc/passwd', WEB, /starts with file:.*http:\/\/ or https:\/\//],
    ['view-source:http://example.com', WEB, /starts with view-source:/],
    ['view-source:file:///etc/passwd', WEB, /starts with view-source:/],
    ['chrome://version', WEB, /starts with chrome:/],
    ['devtools://devtools/x', WEB, /starts with devtools:/],
    ['data:text/html,hello', WEB, /starts with data:/],
    ['javascript:alert(1)', WEB, /starts with javascript:/],
    ['about:blank', WEB, /starts with about:/],
    ['blob:http://example.com/1', WEB, /starts with blob:/],
    ['ftp://example.com/', WEB, /starts with ftp:/],
    ['http://example.com/', CAMERA, /starts with http:.*rtsp:\/\//],
    ['', WEB, /not a full address/],
    ['example.com/x', WEB, /not a full address/],
    ['example.com:8080/x', WEB, /not a full address/],
    ['//example.com/x', WEB, /not a full address/],
    ['http:example.com', WEB, /not a full address/],
    ['http://', WEB, /names no host/],
    ['http:///example.com', WEB, /names no host/],
    ['http://user@/x', WEB, /names no host/],
    ['http://:80/', WEB, /names no host/],
    ['rtsp:///stream', CAMERA, /names no host/],
    [' http://example.com', WEB, /space/],
    ['http://example.com/a b', WEB, /%20/],
    ['http://exam\nple.com/', WEB, /invisible/],
    ['http://example.com\\@evil.test/', WEB, /backslash/],
    ['http://example.com:99999/', WEB, /cannot be read/],
    ['http://example.com:0/', WEB, /port/],
    ['http://exa%00mple.com/', WEB, /cannot be read/],
    ['http://1.2.3.4.5/', WEB, /cannot be read/],
    ['rtsp://127.0.0.1%2f.example/', CAMERA, /cannot be read/],
    ['rtsp://user%40127.0.0.1/', CAMERA, /cannot be read/],
    ['rtsp://admin:p#ss@cam/', CAMERA, /%23/],
    ['rtsp://admin:Hunter2/x@10.9.9.9/s', CAMERA, /“rtsp:\/\/\*\*\*@10\.9\.9\.9\/s” .*%2F/],
    ['rtsp://admin:1234/x@10.9.9.9/s', CAMERA, /before the @.*%2F/],
    ['http://admin:1234?x@[fd12::1]/s', WEB, /before the @.*%3F/],
    [`http://example.com/${'a'.repeat(5000)}`, WEB, /longer than/],
  ];
  for (const [text, schemes, sentence] of table) {
    test(text.slice(0, 60) || '(empty)', () => {
      assert.throws(
        () => readUrl(text, schemes),
        (error: unknown) => {
          assert.ok(error instanceof GlimpserError);
          assert.equal(error.code, 'url-refused');
          assert.match(error.message, sentence);
          assert.ok(error.message.length < 400);
          return true;
        },
      );
    });
  }

  test('a refusal shows no password', () => {
    assert.throws(
      () => readUrl('ftp://me:hidden@example.com/', WEB),
      (error: Error) => !/hidden/.test(error.message),
    );
  });
});

test('host and port as one text', () => {
  assert.equal(hostPort('cam', 80), 'cam:80');
  assert.equal(hostPort('::1', 554), '[::1]:554');
});
