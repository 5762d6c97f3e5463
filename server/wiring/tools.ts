/** What source kinds work with: the guard on outgoing connections, FFmpeg and the browser. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, createBrowser } from '#base/browser.ts';
import type { Clock } from '#base/clock.ts';
import { createEgress, type Egress } from '#base/egress.ts';
import { type Ffmpeg, findFfmpeg } from '#base/ffmpeg.ts';
import type { Log } from '#base/log.ts';
import { type MediaPort, openMediaPort } from '#base/rtsp/media-port.ts';
import { findYtDlp, type YtDlp } from '#base/yt-dlp.ts';
import type { Config } from '#model/config.ts';
import type { SettingsStore } from '#store/settings.ts';

/** The tools, closed together. */
export interface Tools extends AsyncDisposable {
  egress: Egress;
  ffmpeg: Ffmpeg;
  ytDlp: YtDlp;
  browser: Browser;
  /** Where files lie that sources may show: that of Home Assistant, or one in the data folder. */
  mediaFolder: string;
  /** Where programs that we start hand streams over. */
  mediaPort: MediaPort;
}

/** What decides which addresses may be opened. */
export interface Reach {
  settings: SettingsStore;
  /** Ports that the hub itself listens on, as they are now. */
  ownPorts: () => number[];
  /** `host:port` that is open in spite of the rules: the sample page of the demo. */
  exceptions: readonly string[];
}

/** Makes the tools; no program is started yet. */
export async function openTools(config: Config, reach: Reach, clock: Clock, log: Log): Promise<Tools> {
  const policy = () => {
    const { allowLoopback, websitesMayReachLan } = reach.settings.current.preferences.network;
    return { allowLoopback, websitesMayReachLan, exceptions: reach.exceptions, ownPorts: reach.ownPorts };
  };
  const egress = createEgress({ policy, clock, log });
  const ffmpeg = await findFfmpeg(config.FFMPEG_PATH);
  const isSandboxed = !config.CHROMIUM_NO_SANDBOX;
  const browser = createBrowser({ path: config.CHROMIUM_PATH, isSandboxed, egress, clock, log });
  const mediaPort = await openMediaPort(clock);
  return {
    egress,
    ffmpeg,
    ytDlp: await findYtDlp(config.YT_DLP_PATH),
    browser,
    mediaFolder: await openMediaFolder(config),
    mediaPort,
    async [Symbol.asyncDispose]() {
      await mediaPort[Symbol.asyncDispose]();
      await browser[Symbol.asyncDispose]();
      await egress[Symbol.asyncDispose]();
    },
  };
}

async function openMediaFolder(config: Config): Promise<string> {
  if (config.SUPERVISOR_TOKEN) return '/media';
  const folder = join(config.GLIMPSER_DATA, 'media');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Sentences about tools that are missing and what still works without them. */
export function missingTools({ ffmpeg, browser }: Tools): string[] {
  const sentences: string[] = [];
  if (!ffmpeg.path) {
    sentences.push(
      'FFmpeg is not installed, so RTSP cameras and test pictures do not work; HTTP pictures and websites do. Install it, on Debian with: apt-get install ffmpeg. Then restart the hub.',
    );
  }
  if (!browser.path) {
    sentences.push(
      'No browser is installed, so websites do not work; cameras do. Install one, on Debian with: apt-get install chromium-headless-shell.',
    );
  }
  if (!browser.status().isSandboxed) {
    sentences.push(
      'Chromium runs without its sandbox (CHROMIUM_NO_SANDBOX). Watch only websites that you trust.',
    );
  }
  return sentences;
}
