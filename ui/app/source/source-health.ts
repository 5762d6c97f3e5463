/** How a source fares, in names, figures and sentences; what is not known is left out. */
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '#widgets/icons.ts';
import type { SourceState } from '#widgets/shapes.ts';
import type { Fact } from './source-facts.ts';

/** Ways to decode in hardware, as the hub calls them and as people know them. */
const DECODERS: Readonly<Record<string, string>> = {
  software: 'Software',
  vaapi: 'VAAPI (Intel, AMD)',
  qsv: 'Quick Sync (Intel)',
  cuda: 'NVDEC (NVIDIA)',
  v4l2m2m: 'V4L2 (Raspberry Pi up to 4)',
  rkmpp: 'RKMPP (Rockchip)',
  videotoolbox: 'VideoToolbox (Apple)',
};

/** How a source fares. */
export interface Health {
  facts: Fact[];
  /** What people should know beside the figures. */
  sentences: string[];
}

/** What health is read from. */
type Known = Omit<SourceState, 'page'>;

/** The figures that are known now, in a fixed order. */
export function healthOf(state: Known, locale?: string): Health {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const { fps, bitsPerSecond, decoder, decoderGivenUp, programs, dropped, reconnects, failures } = state;
  // What rounds to nothing, such as the pictures a second of a page that is looked at every minute, says nothing.
  const figure = (value: number) => (Number(value.toFixed(1)) > 0 ? number.format(value) : undefined);
  const facts: Array<[string, string | undefined | false]> = [
    ['Pictures a second', fps ? figure(fps) : undefined],
    ['Stream', bitsPerSecond ? rateText(bitsPerSecond, number) : undefined],
    ['Decoded by', decoder ? decoderText(decoder) : undefined],
    ['Processor', programs ? `${number.format(programs.cpuPercent)} % of a core` : undefined],
    ['Memory', programs ? `${number.format(Math.round(programs.memoryMiB))} MiB` : undefined],
    ['Reconnected', reconnects > 0 && timesText(reconnects, number)],
    ['Failed', failures > 0 && timesText(failures, number)],
    ['Pictures left out', Boolean(dropped?.pictures) && number.format(dropped?.pictures ?? 0)],
    ['Skipped for slow viewers', Boolean(dropped?.groups) && timesText(dropped?.groups ?? 0, number)],
  ];
  const sentences = [
    ...(decoderGivenUp
      ? [`${decoderText(decoderGivenUp)} gave no picture, so this camera is decoded in software now.`]
      : []),
    ...(dropped?.pictures ? ['Pictures are left out when this machine is too slow for them.'] : []),
  ];
  return {
    facts: facts.flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    sentences,
  };
}

/** The group of the page; nothing while nothing is known. */
export function renderHealth(state: SourceState | undefined): TemplateResult | typeof nothing {
  const { facts, sentences } = state ? healthOf(state) : { facts: [], sentences: [] };
  if (facts.length === 0) return nothing;
  return html`<section class="health" data-test="health" aria-label="Health">
    <h2>${icon('pulse')} Health</h2>
    <dl class="facts">
      ${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    ${sentences.map(sentence => html`<p>${sentence}</p>`)}
  </section>`;
}

/** What decodes, as people know it. */
export function decoderText(decoder: string): string {
  return DECODERS[decoder] ?? decoder;
}

function rateText(bitsPerSecond: number, number: Intl.NumberFormat): string {
  return bitsPerSecond >= 1_000_000
    ? `${number.format(bitsPerSecond / 1_000_000)} Mbit/s`
    : `${number.format(Math.round(bitsPerSecond / 1000))} kbit/s`;
}

function timesText(count: number, number: Intl.NumberFormat): string {
  return count === 1 ? 'Once' : `${number.format(count)} times`;
}
