/** Fetches stills and asks each time only for a newer one. */

/** A still that arrived. */
export interface Still {
  url: string;
  /** True for the hub's own placeholder: there is no picture yet. */
  isPlaceholder: boolean;
}

/** Loads one picture after the other; owns the object URL of the newest. */
export class StillLoader {
  #etag: string | null = null;
  #from = '';
  #current: Still | undefined;

  /** The newest still, or undefined when nothing changed since the last call. Throws what fetch throws. */
  async load(url: string, signal: AbortSignal): Promise<Still | undefined> {
    const headers: Record<string, string> = {};
    if (this.#etag !== null && this.#from === url) headers['If-None-Match'] = this.#etag;
    const response = await fetch(url, { headers, signal, cache: 'no-store', credentials: 'same-origin' });
    if (response.status === 304) return undefined;
    if (!response.ok) throw new Error(`status ${response.status}`);
    const blob = await response.blob();
    this.#etag = response.headers.get('etag');
    this.#from = url;
    return this.keep(blob, response.headers.has('x-placeholder'));
  }

  /** Makes a picture the newest one and frees the one before. */
  keep(blob: Blob, isPlaceholder: boolean): Still {
    this.clear();
    this.#current = { url: URL.createObjectURL(blob), isPlaceholder };
    return this.#current;
  }

  /** Frees the newest picture. */
  clear(): void {
    if (this.#current) URL.revokeObjectURL(this.#current.url);
    this.#current = undefined;
  }

  /** Forgets what the hub sent, so that the next answer is taken whatever it is. */
  forget(): void {
    this.#etag = null;
  }
}

/** The picture that an element shows now, as a blob; undefined while it shows none. */
export async function pictureOf(shown: HTMLImageElement | HTMLVideoElement): Promise<Blob | undefined> {
  const isVideo = shown instanceof HTMLVideoElement;
  const width = isVideo ? shown.videoWidth : shown.naturalWidth;
  if (width === 0) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = isVideo ? shown.videoHeight : shown.naturalHeight;
  canvas.getContext('2d')?.drawImage(shown, 0, 0);
  return new Promise(resolve => canvas.toBlob(blob => resolve(blob ?? undefined), 'image/jpeg', 0.9));
}
