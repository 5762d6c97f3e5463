/** Seconds between two pictures, for sources whose schedule is an interval that Home Assistant can show. */
import { defineEntity } from '#entities/kind.ts';
import { readNumber } from '#model/entity-value.ts';
import { intervalMs } from '#model/schedule.ts';

const RANGE = { min: 1, max: 86_400, step: 1 };

export default defineEntity({
  of: 'source',
  title: 'Capture interval',
  description: 'Seconds between two pictures; only for sources with an interval from 1 s to a day.',
  platform: 'number',
  deviceClass: 'duration',
  unit: 's',
  range: RANGE,
  category: 'config',
  needsSource: false,
  isFor({ source }) {
    const seconds = (intervalMs(source.schedule) ?? 0) / 1000;
    return seconds >= RANGE.min && seconds <= RANGE.max;
  },
  read({ source }) {
    const ms = intervalMs(source.schedule);
    return ms === undefined ? null : ms / 1000;
  },
  write: (value, view) => ({
    do: 'set-interval',
    sourceId: view.source.id,
    ms: readNumber(value, RANGE) * 1000,
  }),
});
