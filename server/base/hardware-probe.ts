/** Which ways to decode in hardware work on this machine: each is tried on our samples and compared with software. */
import { z } from 'zod';
import { GlimpserError } from './errors.ts';
import {
  HARDWARE_CODECS,
  HARDWARE_PRESETS,
  HARDWARE_RECIPES,
  type HardwareCodec,
  type HardwarePreset,
} from './ffmpeg-hardware.ts';
import { type Machine, placesToTry } from './hardware-devices.ts';
import { difference, type Trial, type TrialTools, tryDecoder } from './hardware-trial.ts';

/** Scalers of devices differ a little from ours; garbage differs a lot. */
const MOST_MEAN = 6;
const MOST_PLACES = 14;

/** One line of the table. */
export const hardwareRowSchema = z.strictObject({
  preset: z.enum(HARDWARE_PRESETS),
  title: z.string(),
  codec: z.enum(HARDWARE_CODECS),
  device: z.string().nullable().describe('Path or number of the device; null: the first, or none is named'),
  isUsable: z.boolean(),
  reason: z.string().describe('In words'),
  framesPerSecond: z.number().nullable().describe('Of the small sample: to compare with software only'),
  softwareFramesPerSecond: z.number().nullable(),
});

/** One line of the table. */
export type HardwareRow = z.output<typeof hardwareRowSchema>;

/** What a probe is made with. */
export interface ProbeTools extends TrialTools {
  machine: Machine;
}

/** What a result holds for: another FFmpeg or other devices need another probe. */
export async function probeKey({ ffmpeg, machine }: Pick<ProbeTools, 'ffmpeg' | 'machine'>): Promise<string> {
  const devices = await machine.devices();
  return [ffmpeg.path, ffmpeg.version, machine.platform, ...devices].map(part => part ?? 'none').join(' ');
}

/** Tries every preset with every codec, one after another. Throws `ffmpeg-missing`. */
export async function probeHardware(tools: ProbeTools): Promise<HardwareRow[]> {
  const rows: HardwareRow[] = [];
  const software = new Map<HardwareCodec, Trial>();
  for (const preset of HARDWARE_PRESETS) {
    const places = await placesToTry(preset, tools.machine);
    for (const codec of HARDWARE_CODECS) {
      if ('reason' in places) {
        rows.push(row(preset, codec, { reason: places.reason }));
        continue;
      }
      const reference = software.get(codec) ?? (await tryDecoder(codec, undefined, tools));
      software.set(codec, reference);
      rows.push(await rowOf(preset, codec, places.devices, reference, tools));
    }
  }
  return rows;
}

/** The first device that works; otherwise what the last one said. */
async function rowOf(
  preset: HardwarePreset,
  codec: HardwareCodec,
  devices: ReadonlyArray<string | undefined>,
  reference: Trial,
  tools: ProbeTools,
): Promise<HardwareRow> {
  const softwareFramesPerSecond = reference.framesPerSecond;
  if (reference.failure !== undefined) {
    const reason = `This FFmpeg does not decode it in software either, so that nothing can be compared. ${reference.failure}`;
    return row(preset, codec, { reason });
  }
  let found: HardwareRow | undefined;
  for (const device of devices) {
    const trial = await tryDecoder(codec, { preset, codec, ...(device ? { device } : {}) }, tools);
    const failure = trial.failure ?? wrongPicture(trial, reference);
    const { framesPerSecond } = trial;
    const common = { device: device ?? null, softwareFramesPerSecond };
    if (failure === undefined)
      return row(preset, codec, { ...common, isUsable: true, reason: 'Works.', framesPerSecond });
    found = row(preset, codec, { ...common, reason: failure });
  }
  if (found) return found;
  throw new GlimpserError('internal', 'A preset was tried on no device.');
}

function row(
  preset: HardwarePreset,
  codec: HardwareCodec,
  rest: Partial<HardwareRow> & { reason: string },
): HardwareRow {
  const { title } = HARDWARE_RECIPES[preset];
  const nothing = { device: null, isUsable: false, framesPerSecond: null, softwareFramesPerSecond: null };
  return { preset, title, codec, ...nothing, ...rest };
}

function wrongPicture(trial: Trial, reference: Trial): string | undefined {
  const { mean, places } = difference(trial, reference);
  if (mean <= MOST_MEAN && places <= MOST_PLACES) return undefined;
  return `It decodes, but to a wrong picture (${places.toFixed(0)} of 255 steps from software). A newer driver may help.`;
}
