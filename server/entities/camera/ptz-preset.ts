/** The place that a camera was sent to, and to where it can be sent. */
import { defineEntity } from '#entities/kind.ts';
import { readOption } from '#model/entity-value.ts';
import { presetNames } from '#model/ptz.ts';

export default defineEntity({
  of: 'source',
  title: 'Position',
  description: 'Sends the camera to a stored position; only for cameras that can be moved and have some.',
  platform: 'select',
  icon: 'mdi:cctv',
  needsSource: true,
  isFor: ({ state }) => (state.ptz?.presets.length ?? 0) > 0,
  optionsOf: ({ state }) => [...presetNames(state.ptz?.presets ?? []).keys()],
  read: ({ state }) => {
    const at = state.ptz?.at ?? null;
    const found = [...presetNames(state.ptz?.presets ?? [])].find(([, preset]) => preset.id === at);
    return found?.[0] ?? null;
  },
  write(value, { source, state }) {
    const names = presetNames(state.ptz?.presets ?? []);
    const preset = names.get(readOption(value, [...names.keys()]))?.id ?? '';
    return { do: 'ptz-go', sourceId: source.id, preset };
  },
});
