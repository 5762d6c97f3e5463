/** Takes the picture of a page: what is in view, all of it, or one element, never larger than can be handled. */
import type { Page, ScreenshotClip, ScreenshotOptions } from 'puppeteer-core';
import { GlimpserError } from './errors.ts';
import { findElement } from './page-elements.ts';

/** What is taken. */
export interface ShotOptions {
  format: 'jpeg' | 'png' | 'webp';
  /** 1 to 100; without meaning for PNG. */
  quality: number;
  /** The page to its end instead of what is in view. */
  isFullPage: boolean;
  /** CSS selector or XPath of the one element to take. */
  element?: string | undefined;
}

const MAX_HEIGHT = 8000;
/** Chromium paints no larger side. */
const MAX_SIDE_PIXELS = 16_384;
const MAX_PIXELS = 50_000_000;

/** The picture as an image file. Throws `element-missing`. */
export async function takeShot(page: Page, options: ShotOptions): Promise<Buffer> {
  const how = encoding(options);
  if (options.element !== undefined) return shotOfElement(page, options.element, how);
  if (!options.isFullPage) return toBuffer(await page.screenshot({ ...how, captureBeyondViewport: false }));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width = 0, height: viewHeight = 0 } = page.viewport() ?? {};
  const clip = bounded(page, { x: 0, y: 0, width, height: Math.max(height, viewHeight) });
  return toBuffer(await page.screenshot({ ...how, clip, captureBeyondViewport: true }));
}

async function shotOfElement(page: Page, selector: string, how: ScreenshotOptions): Promise<Buffer> {
  await using element = await findElement(page, selector);
  const box = await element.boundingBox();
  if (!box || box.width < 1 || box.height < 1) {
    throw new GlimpserError('element-missing', `“${selector}” is on the page but not visible.`);
  }
  const { width, height } = bounded(page, { x: 0, y: 0, width: box.width, height: box.height });
  if (width === box.width && height === box.height) return toBuffer(await element.screenshot(how));
  return toBuffer(await element.screenshot({ ...how, clip: { x: 0, y: 0, width, height } }));
}

function encoding({ format, quality }: ShotOptions): ScreenshotOptions {
  return format === 'png' ? { type: format, optimizeForSpeed: true } : { type: format, quality };
}

function bounded(page: Page, clip: ScreenshotClip): ScreenshotClip {
  const scale = page.viewport()?.deviceScaleFactor ?? 1;
  const side = Math.floor(MAX_SIDE_PIXELS / scale);
  const width = Math.min(clip.width, side);
  const byPixels = Math.floor(MAX_PIXELS / (width * scale * scale));
  return { ...clip, width, height: Math.min(clip.height, MAX_HEIGHT, side, byPixels) };
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
