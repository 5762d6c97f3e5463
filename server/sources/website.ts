/** Websites: a page in a headless browser, one fresh context for every picture. */
import { z } from 'zod';
import type { PageRun } from '#base/browser-page.ts';
import { durationMs } from '#base/duration.ts';
import type { EgressRules } from '#base/egress.ts';
import { GlimpserError, isAbort } from '#base/errors.ts';
import { hideElements, waitForElement } from '#base/page-elements.ts';
import { openUrl, pageFailure } from '#base/page-open.ts';
import { waitUntilReady } from '#base/page-ready.ts';
import { takeShot } from '#base/page-shot.ts';
import { readPicture } from '#base/picture.ts';
import { redact } from '#base/redact.ts';
import type { PageFacts, Picture } from '#model/frame.ts';
import { defineKind, type SourceContext } from './kind.ts';

const PROTOCOLS = ['http', 'https'] as const;

/** Everything after loading: readiness, the picture, closing. */
const AFTER_LOAD_MS = 30_000;
const READY_CAP_MS = 10_000;
const LIVE_EVERY_MS = 1000;
const MAX_TITLE = 255;

const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const selector = z.string().trim().min(1).max(2000);

const duration = (most: number) =>
  z.string().refine(
    text => {
      const ms = durationMs(text);
      return ms !== undefined && ms <= most;
    },
    `must be a duration of at most ${most / 1000}s, such as 500ms or 10s`,
  );

const options = z.strictObject({
  url: z
    .string()
    .trim()
    .regex(/^https?:\/\//i, 'must start with http:// or https://')
    .max(4096)
    .describe('Address of the page')
    .meta({ title: 'Address' }),
  username: z
    .string()
    .max(200)
    .optional()
    .describe('If the page asks for a login before it opens')
    .meta({ title: 'User name' }),
  password: z
    .string()
    .max(500)
    .optional()
    .describe('Password for it')
    .meta({ title: 'Password', secret: true }),
  width: whole(200, 3840).default(1280).describe('Width of the window in pixels').meta({ title: 'Width' }),
  height: whole(200, 2160).default(720).describe('Height of the window in pixels').meta({ title: 'Height' }),
  scale: whole(1, 3).default(1).describe('Picture pixels per window pixel').meta({ title: 'Sharpness' }),
  element: selector
    .optional()
    .describe('Only this element: a CSS selector, or an XPath that starts with /')
    .meta({ title: 'Only this element' }),
  remove: z
    .array(selector)
    .max(50)
    .default([])
    .describe('Elements to hide first, such as banners: CSS selectors or XPaths')
    .meta({ title: 'Hide these elements' }),
  waitFor: selector
    .optional()
    .describe('Wait until this element is visible: a CSS selector or an XPath')
    .meta({ title: 'Wait for this element' }),
  settle: duration(30_000)
    .default('500ms')
    .describe('The page must not change for this long')
    .meta({ title: 'Stillness before the picture' }),
  fullPage: z
    .boolean()
    .default(false)
    .describe('The whole page, up to 8000 pixels high')
    .meta({ title: 'The whole page' }),
  format: z
    .enum(['jpeg', 'png', 'webp'])
    .default('jpeg')
    .describe('Format of the picture')
    .meta({ title: 'Format' }),
  quality: whole(1, 100).default(80).describe('Quality of JPEG and WebP').meta({ title: 'Quality' }),
  darkMode: z
    .boolean()
    .default(false)
    .describe('Tell the page to use dark colours')
    .meta({ title: 'Dark colours' }),
  userAgent: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe('How the browser names itself')
    .meta({ title: 'Browser name' }),
  anyCertificate: z
    .boolean()
    .default(false)
    .describe('Open the page even if its certificate cannot be checked, such as a self-signed one')
    .meta({ title: 'Accept any certificate' }),
  timeout: duration(120_000)
    .default('30s')
    .describe('Longest wait for the page to load')
    .meta({ title: 'Longest wait' }),
});

type Options = z.output<typeof options>;

export default defineKind({
  title: 'Website',
  description: 'A web page or one element of it, photographed by a browser inside the hub.',
  family: 'website',
  manner: 'single',
  hasVideo: false,
  schedule: '1m',
  options,
  async *frames(options, context) {
    while (true) {
      const startedAt = context.clock.monotonic();
      const picture = await capture(options, await rulesFor(options, context), context);
      yield picture;
      if (context.isSingle) return;
      const restMs = Math.max(LIVE_EVERY_MS, context.everyMs) - (context.clock.monotonic() - startedAt);
      try {
        await context.clock.sleep(Math.max(0, restMs), context.signal);
      } catch (thrown) {
        if (isAbort(thrown)) return;
        throw thrown;
      }
    }
  },
});

/**
 * Only a page whose own address lies in the own network may open private addresses: any other page could be made to
 * look around there. The proxy checks everything again; this check also says what is wrong before a browser is started.
 */
async function rulesFor({ url }: Options, { egress, signal }: SourceContext): Promise<EgressRules> {
  try {
    const { isLocal, host } = await egress.check(url, { protocols: PROTOCOLS, reach: 'page' }, signal);
    if (isLocal) return { protocols: PROTOCOLS, reach: 'page', home: host };
    return { protocols: PROTOCOLS, reach: 'internet' };
  } catch (thrown) {
    throw thrown instanceof GlimpserError ? pageFailure(thrown) : thrown;
  }
}

async function capture(options: Options, rules: EgressRules, context: SourceContext): Promise<Picture> {
  const { clock, browser, signal } = context;
  const startedAt = clock.monotonic();
  const page = {
    width: options.width,
    height: options.height,
    scale: options.scale,
    rules,
    timeoutMs: (durationMs(options.timeout) ?? 0) + AFTER_LOAD_MS,
    isDark: options.darkMode,
    userAgent: options.userAgent,
    isCertificateChecked: !options.anyCertificate,
  };
  const { image, facts } = await browser.withPage(page, signal, (page, run) =>
    photograph(page, run, options, context),
  );
  const { type, width, height } = readPicture(image);
  const tookMs = Math.round(clock.monotonic() - startedAt);
  return { image, type, width, height, at: clock.now(), tookMs, page: facts };
}

type Page = Parameters<typeof takeShot>[0];

async function photograph(
  page: Page,
  run: PageRun,
  options: Options,
  { clock, note }: SourceContext,
): Promise<{ image: Buffer; facts: PageFacts }> {
  const startedAt = clock.monotonic();
  const timeoutMs = Math.min(durationMs(options.timeout) ?? 0, run.leftMs());
  const { httpStatus } = await openUrl(page, withLogin(options), { timeoutMs, failureOf: run.failureOf });
  if (httpStatus === 401 && options.username) throw loginRefused(options);
  if (options.waitFor) await waitForElement(page, options.waitFor, Math.min(timeoutMs, run.leftMs()));
  const settleMs = durationMs(options.settle) ?? 0;
  const readyBy = await waitUntilReady(page, { settleMs, capMs: READY_CAP_MS });
  const loadMs = Math.round(clock.monotonic() - startedAt);
  const hidden = await hideElements(page, options.remove);
  const image = await takeShot(page, {
    format: options.format,
    quality: options.quality,
    isFullPage: options.fullPage,
    element: options.element,
  });
  const title = (await page.title()).slice(0, MAX_TITLE);
  note(`HTTP ${httpStatus ?? 'none'}, ready after ${loadMs} ms (${readyBy}), ${hidden} elements hidden`);
  const facts = { title, finalUrl: redact(bareUrl(page.url())), loadMs, readyBy };
  return { image, facts: httpStatus === undefined ? facts : { ...facts, httpStatus } };
}

/** Chromium sends the login of an address to that origin only, unlike headers, which it sends to all. */
function withLogin({ url, username, password }: Options): string {
  if (!username) return url;
  const target = new URL(url);
  target.username = encodeURIComponent(username);
  target.password = encodeURIComponent(password ?? '');
  return target.href;
}

function loginRefused({ username }: Options): GlimpserError {
  return new GlimpserError(
    'source-refused-login',
    `The page refused the user name “${username}” or its password.`,
  );
}

function bareUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  url.username = '';
  url.password = '';
  return url.href;
}
