/** The filter graph of FFmpeg: one decode, one branch for each output that needs pictures. */
import { HARDWARE_RECIPES, type Hardware } from './ffmpeg-hardware.ts';
import type { EncodeOutput, GrayOutput, JpegOutput, PictureOutput } from './ffmpeg-outputs.ts';

/** Sources never beat exactly; without this a picture that comes a little early would be left out. */
const TOLERANCE = { share: 0.1, maxMs: 20 };

/** The whole graph. Output `n` finds its pictures at the label `outn`. */
export function filterGraph(outputs: readonly PictureOutput[], hardware: Hardware | undefined): string {
  const branches = outputs.map((output, index) => `${filters(output, hardware)}[out${index}]`);
  if (branches.length === 1) return `[0:v:0]${branches[0]}`;
  const labels = branches.map((_, index) => `[in${index}]`);
  const split = `[0:v:0]split=${branches.length}${labels.join('')}`;
  return [split, ...branches.map((branch, index) => `${labels[index]}${branch}`)].join(';');
}

function filters(output: PictureOutput, hardware: Hardware | undefined): string {
  if (output.to === 'jpeg') return jpegFilters(output, hardware);
  if (output.to === 'gray') return grayFilters(output, hardware);
  return encodeFilters(output, hardware);
}

/** What is left out is left out first: it is never scaled nor fetched from a device. */
function jpegFilters({ everyMs, width, isSingle }: JpegOutput, hardware: Hardware | undefined): string {
  const pace = everyMs > 0 && !isSingle ? [paceFilter(everyMs)] : [];
  const smaller = `min(${width}\\,iw)`;
  const onDevice = width > 0 ? `w=${smaller}:h=trunc(ow*ih/iw/2)*2:format=nv12` : 'format=nv12';
  const inMemory = width > 0 ? [`scale=w=${smaller}:h=-2`] : [];
  return [...pace, ...(fetched(hardware, onDevice) ?? inMemory), 'format=yuvj420p'].join(',');
}

function grayFilters({ everyMs, width, height }: GrayOutput, hardware: Hardware | undefined): string {
  const pace = everyMs > 0 ? [paceFilter(everyMs)] : [];
  const inMemory = [`scale=w=${width}:h=${height}:flags=area`];
  const onDevice = `w=${width}:h=${height}:format=nv12`;
  return [...pace, ...(fetched(hardware, onDevice) ?? inMemory), 'format=gray'].join(',');
}

function encodeFilters({ fps, width, height }: EncodeOutput, hardware: Hardware | undefined): string {
  return [
    `fps=${fps}`,
    ...(fetched(hardware, 'format=nv12') ?? []),
    `scale=w=${width}:h=${height}:force_original_aspect_ratio=decrease:out_range=tv`,
    `pad=w=${width}:h=${height}:x=-1:y=-1`,
    'setsar=1',
    'format=yuv420p',
  ].join(',');
}

/** Made small on the device, and only then brought to memory; undefined where pictures come to memory by themselves. */
function fetched(hardware: Hardware | undefined, scaling: string): string[] | undefined {
  const scale = hardware && HARDWARE_RECIPES[hardware.preset].scale;
  return scale && [`${scale.filter}=${scaling}`, scale.fetch];
}

/**
 * Leaves pictures out, unlike the fps filter, which holds the first back for half a period and doubles those of
 * slow cameras. A clock that jumps back starts the count again.
 */
function paceFilter(everyMs: number): string {
  const gapMs = everyMs - Math.min(everyMs * TOLERANCE.share, TOLERANCE.maxMs);
  const gap = (gapMs / 1000).toFixed(4);
  return `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${gap})+lt(t\\,prev_selected_t)`;
}
