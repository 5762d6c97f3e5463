/** What happens to a picture: watched, folded into states, kept, forgotten, told as events; and what people command. */
import { join } from 'node:path';
import type { HardwareChoice } from '#base/hardware-choice.ts';
import { DiffThread } from '#base/picture-diff-thread.ts';
import type { Teardown } from '#base/teardown.ts';
import type { Commander } from '#model/command.ts';
import { fixedLogLevel } from '#model/config.ts';
import { createChange } from '#stages/change/change.ts';
import { createCommander } from '#stages/command/commander.ts';
import { createDiscover, type Discover } from '#stages/discover/discover.ts';
import { createEvents } from '#stages/events/events.ts';
import { createForget, type Forget } from '#stages/forget/forget.ts';
import { createKeep, type Keep } from '#stages/keep/keep.ts';
import { PostedPictures } from '#stages/posted/posted.ts';
import { createPtz, type PtzStage } from '#stages/ptz/ptz.ts';
import { rememberStates } from '#stages/state/remember.ts';
import { createStates, type States } from '#stages/state/states.ts';
import type { Streams } from '#stages/stream/streams.ts';
import { programsOf } from '#stages/watch/programs.ts';
import { createRenditions, type Renditions } from '#stages/watch/rendition.ts';
import { createWatch, type Watch } from '#stages/watch/watch.ts';
import type { Ground } from './ground.ts';
import { decodingFor, openHardware } from './hardware.ts';
import { otherPictures } from './other-pictures.ts';
import { openStreams } from './streams.ts';
import { missingTools, type Tools } from './tools.ts';
import { VERSION } from './version.ts';

/** Pictures of what was found are for choosing only. */
const FOUND_PICTURE = { width: 640, quality: 75 };

/** The running stages. */
export interface Stages {
  states: States;
  watch: Watch;
  streams: Streams;
  renditions: Renditions;
  keep: Keep;
  forget: Forget;
  ptz: PtzStage;
  discover: Discover;
  commander: Commander;
  posted: PostedPictures;
  hardware: HardwareChoice;
}

/** Starts them in order; nothing is watched before its state is. */
export function openStages(ground: Ground, tools: Tools, restartHub: () => void, teardown: Teardown): Stages {
  const { bus, clock, log, sourceKinds, settings, history } = ground;
  const states = createStates({
    ...{ bus, clock },
    sources: () => settings.current.sources,
    hub: () => hubFacts(ground),
    problems: () => [
      ...ground.safety.problems(),
      ...ground.notices,
      ...settings.problems(),
      ...history.problems(),
      ...missingTools(tools),
      ...(ground.dataFolder.problem === undefined ? keep.problems() : [ground.dataFolder.problem]),
    ],
    storedBytes: () => keep.storedBytes(),
    lastSeen: history.lastSeen,
  });
  teardown.use('state', states);
  const save = history.states.save.bind(history.states);
  teardown.use('remember', rememberStates({ bus, clock, log, states: () => states.all(), save }));
  const isPaused = () => settings.current.preferences.isPaused;
  const isSafe = () => ground.safety.mode !== null;
  const programs = programsOf({ ...{ bus, clock }, ffmpeg: tools.ffmpeg, ytDlp: tools.ytDlp });
  const streams = openStreams(ground, tools.mediaPort, programs, () => ({ watch, renditions }), teardown);
  const inlet = (sourceId: string) => streams.inlet(sourceId);
  const hardware = openHardware(ground, tools, teardown);
  const posted = openPosted(ground, isPaused, teardown);
  const watch: Watch = createWatch({
    ...{ bus, clock, log, kinds: sourceKinds, isPaused, isSafe, inlet },
    tools: {
      ...tools,
      posted: (id, signal) => posted.of(id, signal),
      programsFor: source => programs(source.id),
      decodingFor: source => decodingFor(hardware, ground, source),
      picturesFor: source =>
        otherPictures(source, { bus, sources: ground.sources, watching: () => watch, states }),
    },
  });
  const renditions = createRenditions(watch, log);
  teardown.use('watch', watch);
  const { find } = ground.sources;
  const ptz = createPtz({ bus, clock, log, kinds: sourceKinds, egress: tools.egress, find });
  teardown.use('ptz', ptz);
  const { keep, forget } = openKeeping(ground, watch, teardown);
  const commander = createCommander({
    ...{ sources: ground.sources, watching: watch, ptz, restartHub, log: log.part('command') },
    leaveSafeMode: () => ground.safety.leave(),
    changePreferences: change => changePreferences(ground, change),
    keep: (frame, reason) => keep.keep(frame, reason),
    logLevelFixedBy: fixedLogLevel(ground.config)?.by,
    record: entry => ground.history.audit.append(entry, clock.now()),
  });
  const discover = openDiscover(ground, watch, renditions, tools, teardown);
  return { states, watch, streams, renditions, keep, forget, ptz, discover, commander, posted, hardware };
}

function openDiscover(
  ground: Ground,
  watch: Watch,
  renditions: Renditions,
  tools: Tools,
  teardown: Teardown,
): Discover {
  const { clock, log, sources } = ground;
  const discover = createDiscover({
    ...{ clock, log, egress: tools.egress, sources: sources.list },
    async look(draft, signal) {
      const { picture } = await watch.tryOut(sources.check(draft), signal);
      return picture ? renditions.still(picture, FOUND_PICTURE) : undefined;
    },
  });
  teardown.use('discover', discover);
  return discover;
}

function openPosted(
  { bus, clock, sources, sourceKinds, safety }: Ground,
  isPaused: () => boolean,
  teardown: Teardown,
): PostedPictures {
  const isPosted = (kind: string) => sourceKinds.get(kind)?.isPosted ?? false;
  const posted = new PostedPictures({
    ...{ clock, find: sources.find, isPosted, isPaused },
    isSafe: () => safety.mode !== null,
  });
  // A picture that waited through a night's rest would be shown as new.
  teardown.use(
    'posted pictures',
    bus.on('source.stopped', 'posted', ({ sourceId }) => posted.forget(sourceId)),
  );
  teardown.use(
    'posted pictures',
    bus.on('source.removed', 'posted', ({ source }) => posted.forget(source.id)),
  );
  return posted;
}

function openKeeping(ground: Ground, watch: Watch, teardown: Teardown): Pick<Stages, 'keep' | 'forget'> {
  const { bus, clock, log, settings, sources, history, kinds } = ground;
  const folder = join(ground.folder, 'captures');
  const common = { bus, clock, log, folder, store: history.captures, find: sources.find };
  const keep = createKeep({
    ...common,
    latest: id => watch.latest(id),
    checkRoom: () => ground.dataFolder.checkRoom(),
  });
  teardown.use('keep', keep);
  const forget = createForget({
    ...common,
    sources: () => settings.current.sources,
    areSettingsSure: settings.isFromFile,
    noteMissing: (ids, ranMs) => history.missing.note(ids, ranMs),
    historyFrom: history.beganAt.slice(0, 10),
    async removeOf(id) {
      await history.events.removeOf(id);
      await history.states.removeOf(id);
    },
    isWriting: id => keep.isWriting(id),
  });
  teardown.use('forget', forget);
  const familyOf = (kind: string) => kinds.find(kind)?.family ?? 'camera';
  teardown.use(
    'events',
    createEvents({ bus, clock, log, store: history.events, find: sources.find, familyOf }),
  );
  openChange(ground, watch, keep, familyOf, teardown);
  return { keep, forget };
}

function openChange(
  { bus, clock, log, sources }: Ground,
  watch: Watch,
  keep: Keep,
  familyOf: (kind: string) => 'camera' | 'website',
  teardown: Teardown,
): void {
  const differ = new DiffThread(clock);
  const latest = (id: string) => watch.latest(id);
  teardown.use(
    'change',
    createChange({
      ...{ bus, clock, log: log.part('change'), differ, find: sources.find, latest, familyOf },
      keep: frame => keep.keep(frame, 'event'),
    }),
  );
  // Stopped first, or the end of the stage would wait for a pair that is being compared.
  teardown.use('comparing pictures', differ);
}

/** Merges into the preferences; the check of the whole follows in the settings. */
export async function changePreferences(
  { settings }: Pick<Ground, 'settings'>,
  change: Partial<Ground['settings']['current']['preferences']>,
): Promise<void> {
  await settings.update(copy => ({ ...copy, preferences: { ...copy.preferences, ...change } }));
}

function hubFacts({ config, settings, startedAt, log }: Ground) {
  const { instance, preferences } = settings.current;
  const { name, isPaused } = preferences;
  const logLevelFixedBy = fixedLogLevel(config)?.by;
  return { name, instance, version: VERSION, startedAt, isPaused, logLevel: log.level, logLevelFixedBy };
}
