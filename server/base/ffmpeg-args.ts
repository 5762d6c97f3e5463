/** Builds FFmpeg's argument lists: every option is ours, nothing from outside is ever taken as an option. */
import { GlimpserError } from './errors.ts';
import { dialectOf } from './ffmpeg-dialect.ts';
import { filterGraph } from './ffmpeg-filters.ts';
import { type FfmpegInput, inputArguments, isCoded, type Wanted } from './ffmpeg-inputs.ts';
import {
  type Coming,
  copyArguments,
  type FfmpegOutput,
  needsPictures,
  pictureArguments,
} from './ffmpeg-outputs.ts';

const COMMON = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+warning'];

/**
 * The whole argument list. `version` as FFmpeg tells it; an unknown one counts as new.
 * @example ffmpegArguments({ from: 'rtsp', url }, [{ to: 'push', url: ours, sound: 'copy' }]);
 */
export function ffmpegArguments(
  input: FfmpegInput,
  outputs: readonly FfmpegOutput[],
  version?: string,
): string[] {
  const dialect = dialectOf(version);
  const pictures = outputs.filter(needsPictures);
  const copies = outputs.filter(output => !needsPictures(output));
  const hardware = isCoded(input) ? input.hardware : undefined;
  if (pictures.length > 0 && isCoded(input) && input.decode === 'none') {
    throw new GlimpserError('internal', 'Nothing is decoded here, so that there are no pictures to write.');
  }
  return [
    ...COMMON,
    ...inputArguments(input, wantedBy(outputs), dialect),
    ...(pictures.length > 0 ? graphArguments(filterGraph(pictures, hardware)) : []),
    ...copies.flatMap(output => copyArguments(output, comingFrom(input))),
    ...pictures.flatMap((output, index) => pictureArguments(output, `out${index}`, dialect)),
  ];
}

function wantedBy(outputs: readonly FfmpegOutput[]): Wanted {
  return {
    isSoundWanted: outputs.some(output => 'sound' in output && output.sound !== 'none'),
    isCopied: outputs.some(output => !needsPictures(output)),
    hasPictures: outputs.some(needsPictures),
  };
}

function graphArguments(graph: string): string[] {
  return ['-filter_complex_threads', '1', '-filter_complex', graph];
}

/** Files and what lies on the web keep parameter sets beside the stream; what is live repeats them inside. */
function comingFrom(input: FfmpegInput): Coming {
  return {
    codec: isCoded(input) ? (input.codec ?? input.hardware?.codec) : undefined,
    isBoxed: input.from === 'file' || input.from === 'web' || input.from === 'hls',
  };
}
