import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type LogLine } from '#server/base/log.ts';
import { redact } from '#server/base/redact.ts';

test('logins, secret query values and authorization headers are taken out of text', () => {
  const table = {
    'open rtsp://admin:s3cret@10.0.0.5/live failed': 'open rtsp://***@10.0.0.5/live failed',
    'GET /x?user=a&password=hunter2&n=1': 'GET /x?user=a&password=***&n=1',
    'Authorization: Basic YWRtaW46': 'Authorization: Basic ***',
    'http://host/plain?id=5': 'http://host/plain?id=5',
    'http://host:8080/plain': 'http://host:8080/plain',
    'at https://site.example/@name/page': 'at https://site.example/@name/page',
    'open rtsp://admin:p@ss@10.9.9.9/s': 'open rtsp://***@10.9.9.9/s',
    '“rtsp://admin:Hunter2/x@10.9.9.9/s” is wrong': '“rtsp://***@10.9.9.9/s” is wrong',
    '"rtsp://admin:a?b#c@10.9.9.9/s"': '"rtsp://***@10.9.9.9/s"',
    'http://10.9.9.9/s?loginuse=admin&loginpas=tulip&sig=x':
      'http://10.9.9.9/s?loginuse=admin&loginpas=***&sig=***',
    'rtsp://10.9.9.9/user=admin_password=tulip&stream=0': 'rtsp://10.9.9.9/user=admin_password=***&stream=0',
  };
  for (const [text, clean] of Object.entries(table)) assert.equal(redact(text), clean);
});

test('lines carry their part, levels filter, facts are redacted', () => {
  const written: string[] = [];
  const lines: LogLine[] = [];
  const log = createLog({
    level: 'info',
    write: line => written.push(line),
    onLine: line => lines.push(line),
  });
  const part = log.part('watch');
  part.debug('hidden');
  part.warning('lost rtsp://u:p@h/1', { error: new Error('at http://u:p@h'), source: 'cam1' });
  assert.equal(written.length, 1);
  const line = JSON.parse(written[0] ?? '{}');
  assert.equal(line.part, 'watch');
  assert.equal(line.msg, 'lost rtsp://***@h/1');
  assert.match(line.error, /http:\/\/\*\*\*@h/);
  assert.deepEqual([lines[0]?.level, lines[0]?.part], ['warning', 'watch']);
});

test('the level can be changed while the hub runs', () => {
  const written: string[] = [];
  const log = createLog({ level: 'error', write: line => written.push(line) });
  log.part('a').info('one');
  log.level = 'debug';
  log.part('a').info('two');
  assert.equal(written.length, 1);
  assert.equal(log.level, 'debug');
});
