/** Options that sources share whose pictures are made here: how large they are, and how good. */
import { z } from 'zod';

/** JPEG quality. */
export function quality(usual: number) {
  return z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(usual)
    .describe('JPEG quality, 1 to 100')
    .meta({ title: 'JPEG quality' });
}

/** Width and height of pictures that are drawn here, even as video wants them; to be spread into the options of a kind. */
export function drawnSize(least: { width: number; height: number }) {
  return {
    width: even(least.width, 3840).default(1280).describe('Width in pixels').meta({ title: 'Width' }),
    height: even(least.height, 2160).default(720).describe('Height in pixels').meta({ title: 'Height' }),
  };
}

function even(least: number, most: number) {
  return z.number().int().min(least).max(most).multipleOf(2);
}
