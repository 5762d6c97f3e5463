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
