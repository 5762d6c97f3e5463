/** Listens to the bus and passes facts on to the parts of the MQTT door. */
import type { SourceBook, Watching } from '#model/services.ts';
import type { Settings } from '#model/settings.ts';
import type { HubBus } from '#model/signals.ts';
import type { Assembly } from './assembly.ts';

const NAME = 'mqtt';

/** What the ears need beside the parts. */
export interface EarsParts {
  sources: Pick<SourceBook, 'list' | 'find'>;
  watching: Pick<Watching, 'latest'>;
  changed(now: Settings, before: Settings): void;
}

/** Listens until disposed. */
export function listenToBus(bus: HubBus, assembly: Assembly, parts: EarsParts): Disposable {
  const ears = new DisposableStack();
  hearSources(bus, assembly, ears);
  hearPictures(bus, assembly, parts, ears);
  ears.use(
    bus.on('settings.changed', NAME, ({ settings, before }) =>
      heardSettings(assembly, parts, settings, before),
    ),
  );
  ears.use(bus.on('event.opened', NAME, ({ event }) => assembly.events.tell(event)));
  for (const signal of ['mqtt.changed', 'mqtt.refused'] as const)
    ears.use(bus.on(signal, NAME, () => assembly.publisher.hub()));
  return ears;
}

function hearSources(bus: HubBus, assembly: Assembly, ears: DisposableStack): void {
  const { announcer, images, pictureTypes, publisher } = assembly;
  const appeared = (id: string) => {
    publisher.source(id);
    publisher.hub();
    announcer.soon();
  };
  ears.use(bus.on('source.added', NAME, ({ source }) => appeared(source.id)));
  ears.use(bus.on('source.changed', NAME, ({ source }) => appeared(source.id)));
  ears.use(
    bus.on('source.removed', NAME, ({ source }) => {
      pictureTypes.delete(source.id);
      images.forget(source.id);
      publisher.forget(source.id);
      publisher.hub();
      announcer.soon();
    }),
  );
}

function hearPictures(bus: HubBus, assembly: Assembly, parts: EarsParts, ears: DisposableStack): void {
  const { images, publisher } = assembly;
  ears.use(
    bus.on('source.captured', NAME, ({ sourceId }) => {
      heardFormat(assembly, parts, sourceId);
      images.captured(sourceId);
    }),
  );
  ears.use(
    bus.on('state.changed', NAME, ({ state, before }) => {
      if (!parts.sources.find(state.sourceId)) return;
      publisher.changed(state, before);
      if (state.status !== before.status) images.now(state.sourceId);
    }),
  );
  ears.use(
    bus.on('capture.kept', NAME, ({ capture }) => {
      if (capture.reason === 'request') images.now(capture.sourceId);
    }),
  );
}

/** A website's device says which format its pictures have, so another format is another device message. */
function heardFormat(
  { announcer, mirror, pictureTypes, publisher, topics }: Assembly,
  parts: EarsParts,
  id: string,
): void {
  const type = parts.watching.latest(id)?.type;
  const source = parts.sources.find(id);
  const before = pictureTypes.get(id) ?? 'image/jpeg';
  if (!type || !source || type === before) return;
  pictureTypes.set(id, type);
  if (publisher.familyOf(source.kind) !== 'website') return;
  if (type === 'image/jpeg') mirror.clear(topics.source(id).preview);
  announcer.soon();
}

function heardSettings(assembly: Assembly, parts: EarsParts, now: Settings, before: Settings): void {
  const { announcer, mirror, publisher, topics } = assembly;
  const isKept = now.preferences.mqtt.retainImages;
  if (!isKept && before.preferences.mqtt.retainImages) {
    for (const { id } of parts.sources.list()) {
      mirror.clear(topics.source(id).image);
      mirror.clear(topics.source(id).preview);
    }
  }
  publisher.hub();
  announcer.soon();
  parts.changed(now, before);
}
