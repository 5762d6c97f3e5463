/** What the motion sensor of the camera itself says. */
import { defineEntity } from '#entities/kind.ts';

export default defineEntity({
  of: 'source',
  title: 'Camera motion',
  description: 'On while the camera itself notices motion; only for cameras that tell it (ONVIF).',
  platform: 'binary_sensor',
  deviceClass: 'motion',
  needsSource: true,
  isFor: ({ state }) => state.triggers.motion !== null,
  read: ({ state }) => state.triggers.motion,
});
