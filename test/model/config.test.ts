import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedLogLevel, readConfig } from '#server/model/config.ts';

test('the environment fixes the log level only when it says one, and DEBUG wins', () => {
  const fixed = (variables: Record<string, string>) => fixedLogLevel(readConfig(variables));
  assert.equal(fixed({}), undefined);
  assert.deepEqual(fixed({ LOG_LEVEL: 'warning' }), { level: 'warning', by: 'LOG_LEVEL' });
  assert.deepEqual(fixed({ LOG_LEVEL: 'warning', DEBUG: '1' }), { level: 'debug', by: 'DEBUG' });
});

test('an empty environment gives the defaults', () => {
  const config = readConfig({ PORT: '', PATH: '/bin' });
  assert.equal(config.PORT, 8082);
  assert.equal(config.HOST, '0.0.0.0');
  assert.equal(config.MQTT_URL, undefined);
  assert.equal(config.DEBUG, false);
});

test('every wrong variable is named with its shape and the fix, secrets are not shown', () => {
  const wrong = { PORT: 'eighty', LOG_LEVEL: 'loud', SECRET_KEY: 'short', MQTT_URL: 'http://broker' };
  assert.throws(
    () => readConfig(wrong),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'config-invalid');
      for (const name of Object.keys(wrong)) assert.match(error.message, new RegExp(`^${name} is `, 'm'));
      assert.ok(!error.message.includes('short'));
      assert.match(error.message, /mqtt:\/\//);
      return true;
    },
  );
});

test('equal base topic and discovery prefix are refused', () => {
  assert.throws(() => readConfig({ MQTT_BASE_TOPIC: 'homeassistant' }), /different names/);
});

test('topics with wildcards are refused', () => {
  assert.throws(() => readConfig({ MQTT_BASE_TOPIC: 'a/#' }), /MQTT_BASE_TOPIC/);
});

const RESERVED: Array<[name: string, right: string[], wrong: string[]]> = [
  ['CHATGPT_KEY', ['sk-abcdefgh'], ['short', 'with a space in it']],
  ['OPENAI_BASE_URL', ['http://10.0.0.5:11434/v1'], ['10.0.0.5:11434', 'ftp://host/']],
  ['TWILIO_ACCOUNT_SID', [`AC${'0f'.repeat(16)}`], ['AC12', `SK${'0f'.repeat(16)}`]],
  ['TWILIO_AUTH_TOKEN', ['0f'.repeat(16)], ['0f', 'zz'.repeat(16)]],
  ['TWILIO_FROM', ['+15551234567', `MG${'0f'.repeat(16)}`], ['5551234567', '+0']],
  ['SMTP_URL', ['smtps://ann:tulip@mail.example:465', 'smtp://mail.example'], ['mail.example', 'http://x']],
  ['YT_DLP_PATH', ['/usr/bin/yt-dlp'], []],
];

test('reserved variables are checked by their shape and keep secrets to themselves', () => {
  for (const [name, right, wrong] of RESERVED) {
    for (const value of right) assert.equal(readConfig({ [name]: value })[name as 'SMTP_URL'], value);
    for (const value of wrong)
      assert.throws(() => readConfig({ [name]: value }), { message: new RegExp(`^${name} is .*must`) });
  }
  const secret = 'not-the-shape-of-a-token';
  assert.throws(
    () => readConfig({ TWILIO_AUTH_TOKEN: secret, SMTP_URL: secret, CHATGPT_KEY: 'a b' }),
    (error: Error) => !error.message.includes(secret) && !error.message.includes('a b'),
  );
});
