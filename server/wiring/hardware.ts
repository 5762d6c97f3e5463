/** Which decoder cameras use: probed here, preferred in the settings, told in the state of each source. */
import { HardwareChoice } from '#base/hardware-choice.ts';
import { thisMachine } from '#base/hardware-devices.ts';
import type { Teardown } from '#base/teardown.ts';
import type { Source } from '#model/source.ts';
import type { Ground } from './ground.ts';
import type { Tools } from './tools.ts';

const TABLE = 'hardware-decoders';

/** Makes the choice. What works is found out in the background; until then software decodes. */
export function openHardware(
  { bus, clock, log, settings, history, safety }: Ground,
  { ffmpeg }: Tools,
  teardown: Teardown,
): HardwareChoice {
  const hardware = new HardwareChoice({
    ...{ ffmpeg, machine: thisMachine, clock, log: log.part('hardware') },
    preference: () => settings.current.preferences.hardware,
    store: {
      get: () => history.values.get(TABLE),
      set: text => history.values.set(TABLE, text),
    },
  });
  teardown.use('hardware', hardware);
  teardown.use(
    'hardware',
    bus.on('settings.changed', 'hardware', ({ settings: now, before }) => {
      if (now.preferences.hardware !== before.preferences.hardware) void hardware.begin();
    }),
  );
  teardown.use(
    'hardware',
    bus.on('safe-mode.left', 'hardware', () => void hardware.begin()),
  );
  if (!safety.mode) void hardware.begin();
  return hardware;
}

/** What decodes the pictures of a source. */
export function decodingFor(hardware: HardwareChoice, { bus, clock }: Ground, { id }: Source) {
  return hardware.of(id, (decoder, givenUp) =>
    bus.emit('source.decoded', { sourceId: id, at: clock.now(), decoder, givenUp }),
  );
}
