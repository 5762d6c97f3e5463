/** sharp, loaded when a picture has to be made over for the first time: a quiet hub does without its 20 MiB. */
import type sharp from 'sharp';

let loading: Promise<typeof sharp> | undefined;

/** One thread a picture and nothing kept: pictures come one after another, and each is new. */
export function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(({ default: loaded }) => {
    loaded.concurrency(1);
    loaded.cache(false);
    return loaded;
  });
  return loading;
}
