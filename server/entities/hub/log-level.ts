/** How much the hub logs. */
import { LOG_LEVELS } from '#base/log.ts';
import { defineEntity } from '#entities/kind.ts';
import { readOption } from '#model/entity-value.ts';

export default defineEntity({
  of: 'hub',
  title: 'Log level',
  description: 'How much the hub logs.',
  platform: 'select',
  category: 'config',
  isEnabledByDefault: false,
  options: LOG_LEVELS,
  document: 'info',
  request: 'options',
  isFor: state => state.logLevelFixedBy === undefined,
  read: state => state.logLevel,
  write: value => ({ do: 'set-log-level', level: readOption(value, LOG_LEVELS) }),
});
