/** Pan, tilt and zoom: what a camera that can be moved can do, and what is asked of it. */
import { z } from 'zod';

/** A place that a camera remembers, as the API shows it. */
export const ptzPresetSchema = z
  .strictObject({ id: z.string().describe('As the camera calls it'), name: z.string() })
  .meta({ id: 'PtzPreset' });

/** A place that a camera remembers. */
export type PtzPreset = z.output<typeof ptzPresetSchema>;

/** What is known of a camera that can be moved. */
export const ptzSchema = z
  .strictObject({
    canTurn: z.boolean(),
    canZoom: z.boolean(),
    presets: z.array(ptzPresetSchema),
    at: z.string().nullable().describe('Preset that it was sent to last, while nobody moved it since'),
  })
  .meta({ id: 'Ptz' });

/** What is known of a camera that can be moved. */
export type Ptz = z.output<typeof ptzSchema>;

/** Where a camera looks, as the API shows it. */
export const ptzPositionSchema = z
  .strictObject({
    pan: z.number().nullable(),
    tilt: z.number().nullable(),
    zoom: z.number().nullable(),
    isMoving: z.boolean(),
  })
  .describe('In the measure of the camera, from -1 to 1; null where it does not tell');

/** Where a camera looks. */
export type PtzPosition = z.output<typeof ptzPositionSchema>;

const speed = (what: string) => z.number().min(-1).max(1).default(0).describe(what);

/** Longest time that one order moves a camera. */
export const MOVE_MS = 5000;

/** An order to move. */
export const ptzMoveSchema = z.strictObject({
  pan: speed('-1 left to 1 right'),
  tilt: speed('-1 down to 1 up'),
  zoom: speed('-1 wider to 1 closer'),
});

/** Speeds from -1 to 1. */
export type PtzSpeed = z.output<typeof ptzMoveSchema>;

/** One camera, as a kind of source moves it. Every verb throws what failed, in words. */
export interface PtzControl {
  /** Undefined when this camera cannot be moved. */
  look(signal: AbortSignal): Promise<Omit<Ptz, 'at'> | undefined>;
  /** Undefined when it does not tell. */
  position(signal: AbortSignal): Promise<PtzPosition | undefined>;
  /** Begins to move; the camera itself stops after `forMs`. */
  move(speed: PtzSpeed, forMs: number, signal: AbortSignal): Promise<void>;
  stop(signal: AbortSignal): Promise<void>;
  goTo(preset: string, signal: AbortSignal): Promise<void>;
  /** Remembers this place under a name; an unknown id makes a new one. Answers the id. */
  save(preset: PtzPreset, signal: AbortSignal): Promise<string>;
}

/** Moves the cameras of a hub. Every verb throws `not-found` for a camera that cannot be moved. */
export interface PtzBook {
  /** Asks the camera anew. */
  look(sourceId: string): Promise<{ ptz: Ptz; position: PtzPosition | null }>;
  /** Moves for at most `forMs`; answers true when the camera was at rest. */
  move(sourceId: string, speed: PtzSpeed, forMs: number): Promise<boolean>;
  stop(sourceId: string): Promise<void>;
  goTo(sourceId: string, preset: string): Promise<void>;
  save(sourceId: string, preset: PtzPreset): Promise<Ptz>;
}

/** Names of presets, each once, for lists that know no ids. */
export function presetNames(presets: readonly PtzPreset[]): Map<string, PtzPreset> {
  const names = new Map<string, PtzPreset>();
  for (const preset of presets) {
    const { id, name } = preset;
    names.set(names.has(name) ? `${name} (${id})` : name, preset);
  }
  return names;
}
