/** What differs between the versions of FFmpeg that are in use, 4.4 to 8. */

/** The words of one version. */
export interface Dialect {
  /** Option for how long RTSP waits for the other side. */
  rtspTimeout: string;
  /** Keeps every picture with its own time. */
  everyPicture: readonly string[];
  /** Bitstream filters may stand before an input. */
  hasInputFilters: boolean;
}

/** The dialect of a version as FFmpeg tells it; an unknown one counts as new. */
export function dialectOf(version: string | undefined): Dialect {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const number = major === undefined ? Number.POSITIVE_INFINITY : Number(major) + Number(minor) / 100;
  return {
    // Up to 4.4 the option -timeout makes FFmpeg wait to be called instead of calling.
    rtspTimeout: number < 5 ? '-stimeout' : '-timeout',
    everyPicture: number < 5.01 ? ['-vsync', 'passthrough'] : ['-fps_mode', 'passthrough'],
    hasInputFilters: number >= 7,
  };
}
