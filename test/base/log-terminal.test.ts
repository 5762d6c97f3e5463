import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '#server/base/log.ts';
import { terminalLine, terminalWriter } from '#server/base/log-terminal.ts';

/** What a log writes to a terminal. */
function terminal() {
  const written: string[] = [];
  const output = { isTTY: true, write: (text: string) => written.push(text) > 0 };
  const write = terminalWriter(output as unknown as NodeJS.WriteStream);
  assert.ok(write);
  return { written, log: createLog({ level: 'debug', write }) };
}

test('a terminal gets time, level and sentence, no JSON and no password', () => {
  const { written, log } = terminal();
  log.part('watch').warning('Garden: lost rtsp://u:p@h/1', { code: 'source-silent' });
  log.info('Ready');
  assert.match(written[0] ?? '', /^\d\d:\d\d:\d\d {2}warning {2}Garden: lost rtsp:\/\/\*\*\*@h\/1\n$/);
  assert.match(written[1] ?? '', /^\d\d:\d\d:\d\d {2}info {5}Ready\n$/);
});

test('of an error the first line is told, unless the sentence tells it', () => {
  const { written, log } = terminal();
  log.error('It did not start', { error: new TypeError('no such thing') });
  log.error('It failed: no such thing', { error: new Error('no such thing') });
  assert.match(written[0] ?? '', /error {4}It did not start \(TypeError: no such thing\)\n$/);
  assert.match(written[1] ?? '', /error {4}It failed: no such thing\n$/);
});

test('only the level is painted, and only where there are colours', () => {
  const json = JSON.stringify({ level: 50, time: '2026-08-01T10:00:00.000Z', msg: 'Oh' });
  assert.ok(terminalLine(json, true).includes('\u001b['));
  assert.ok(!terminalLine(json, false).includes('\u001b['));
});

test('programs that read the output go on getting JSON', () => {
  assert.equal(terminalWriter({ write: () => true } as unknown as NodeJS.WriteStream), undefined);
});
