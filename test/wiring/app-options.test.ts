/** Options of the Home Assistant app: as variables, and what is said when their file is broken. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAppOptions } from '#server/wiring/app-options.ts';
import { temporaryFolder } from '#test/fakes/folder.ts';

test('options are variables, empty ones none', async t => {
  const file = join(await temporaryFolder(t), 'options.json');
  assert.deepEqual(await readAppOptions(file), {});
  await writeFile(file, '{"log_level": "debug", "mqtt_url": "", "public_url": null, "port": 5}');
  assert.deepEqual(await readAppOptions(file), { LOG_LEVEL: 'debug', PORT: '5' });
});

test('a file that is not whole is named, with what to do', async t => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'options.json');
  for (const [text, what] of [
    ['{"log_lev', /options\.json, .* is not whole JSON \(/],
    ['', /is not whole JSON/],
    ['[]', /does not hold a JSON object/],
  ] as const) {
    await writeFile(file, text);
    await assert.rejects(readAppOptions(file), { code: 'config-invalid', message: what });
    await assert.rejects(readAppOptions(file), { message: /save it again, and start the app\.$/ });
  }
  await assert.rejects(readAppOptions(folder), {
    code: 'config-invalid',
    message: /cannot be read \(EISDIR\)/,
  });
});
