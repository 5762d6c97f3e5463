/** What was found out about decoders, in words. */

/** A codec. */
export type Codec = 'h264' | 'h265';

/** One line of the hub's table. */
export interface HardwareRow {
  preset: string;
  title: string;
  codec: Codec;
  device: string | null;
  isUsable: boolean;
  reason: string;
  framesPerSecond: number | null;
  softwareFramesPerSecond: number | null;
}

/** How the hub stands with hardware. */
export interface Hardware {
  preference: string;
  isProbing: boolean;
  at: string | null;
  ffmpeg: string | null;
  uses: Record<Codec, string>;
  rows: HardwareRow[];
}

/** What was found out about one way to decode. */
export interface PresetRows {
  title: string;
  rows: HardwareRow[];
}

/** Codecs as people know them. */
export const CODEC_WORDS: Readonly<Record<Codec, string>> = { h264: 'H.264', h265: 'H.265' };

/** What decodes a codec now, as people read it. */
export function decoderWords({ uses, rows }: Pick<Hardware, 'uses' | 'rows'>, codec: Codec): string {
  const decoder = uses[codec];
  if (decoder === 'software') return 'Software';
  return rows.find(({ preset }) => preset === decoder)?.title ?? decoder;
}

/** The lines of each way together, in the order of the hub; what works stands first. */
export function byPreset(rows: readonly HardwareRow[]): PresetRows[] {
  const groups = Map.groupBy(rows, ({ preset }) => preset);
  const all = [...groups.values()].map(group => ({ title: group[0]?.title ?? '', rows: group }));
  const works = ({ rows: group }: PresetRows) => group.some(({ isUsable }) => isUsable);
  return [...all.filter(works), ...all.filter(one => !works(one))];
}

/** One sentence for each codec, or one for all when it is the same. */
export function foundWords(rows: readonly HardwareRow[]): string[] {
  const [first] = rows;
  if (first && !first.isUsable && rows.every(({ reason }) => reason === first.reason)) return [first.reason];
  return rows.map(row => `${CODEC_WORDS[row.codec]}: ${row.isUsable ? speedWords(row) : row.reason}`);
}

/** The sample is tiny, so that only a clear difference says something. */
function speedWords({ framesPerSecond, softwareFramesPerSecond, device }: HardwareRow): string {
  const where = device?.startsWith('/') ? ` (${device})` : '';
  const times = (framesPerSecond ?? 0) / (softwareFramesPerSecond || Number.POSITIVE_INFINITY);
  if (times >= 1.5) return `works, about ${times.toFixed(1)} times as fast as software${where}.`;
  return `works${where}.`;
}
