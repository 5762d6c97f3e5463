/** `<app-hardware-section>`: what decodes video on this machine, and what was found to work. */
import { html, nothing, type TemplateResult } from 'lit';
import './preferences-form.ts';
import '#widgets/age.ts';
import type { Field } from '#app/forms/fields.ts';
import { LightElement } from '#app/light-element.ts';
import { request } from '#app/net/request.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import {
  byPreset,
  CODEC_WORDS,
  decoderWords,
  foundWords,
  type Hardware,
  type PresetRows,
} from './hardware-words.ts';

const ASK_AGAIN_MS = 1000;

const isHardware = (field: Field) => field.name === 'hardware';

class HardwareSection extends LightElement {
  readonly #hardware = new Loaded<Hardware>(this, async () => {
    const hardware = await request<Hardware>('GET', 'api/hardware');
    if (hardware.isProbing) this.#askAgain();
    return hardware;
  });
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-label="Decoding">
        <h2>Decoding</h2>
        <p class="soft">
          Video is decoded only for those who look at it. A graphics device does that with far less work for this machine.
        </p>
        ${this.#hardware.render(hardware => renderUse(hardware), 2)}
        <app-preferences .fits=${isHardware} @saved=${() => this.#hardware.load()}></app-preferences>
      </section>
      <section class="card" aria-label="What works here">
        <h2>What works here</h2>
        <p class="soft">Each way is tried on a small video of ours, and its pictures are compared with those of software.</p>
        ${this.#hardware.render(hardware => this.#renderTable(hardware), 6)}
      </section>`;
  }

  #renderTable(hardware: Hardware): TemplateResult {
    const { isProbing, rows } = hardware;
    return html`<ul class="rows" data-test="hardware">
        ${byPreset(rows).map(renderPreset)}
      </ul>
      <div class="actions">
        <button type="button" class="button" data-test="probe" ?disabled=${isProbing} @click=${() => runAndSay(() => this.#probe())}>
          ${icon('refresh')}${isProbing ? 'Testing…' : 'Test again'}
        </button>
      </div>
      <p class="visually-hidden" role="status">${isProbing ? 'Testing decoders' : nothing}</p>`;
  }

  async #probe(): Promise<string> {
    await request('POST', 'api/hardware/probe');
    await this.#hardware.load();
    return '';
  }

  #askAgain(): void {
    clearTimeout(this.#timer);
    if (this.isConnected) this.#timer = setTimeout(() => void this.#hardware.load(), ASK_AGAIN_MS);
  }
}

function renderUse(hardware: Hardware): TemplateResult {
  const { at, ffmpeg } = hardware;
  return html`<dl class="facts">
    ${(['h264', 'h265'] as const).map(
      codec =>
        html`<div><dt>${CODEC_WORDS[codec]}</dt><dd data-test=${`uses-${codec}`}>${decoderWords(hardware, codec)}</dd></div>`,
    )}
    <div><dt>FFmpeg</dt><dd>${ffmpeg ?? 'Not installed'}</dd></div>
    <div><dt>Tested</dt><dd>${at ? html`<glimpser-age .at=${at}></glimpser-age>` : 'Not yet'}</dd></div>
  </dl>`;
}

function renderPreset({ title, rows }: PresetRows): TemplateResult {
  const works = rows.some(row => row.isUsable);
  return html`<li>
    <div class="row-words">
      <strong>${title}</strong>
      ${foundWords(rows).map(words => html`<p>${words}</p>`)}
    </div>
    <span class="tag ${works ? 'is-here' : ''}">${works ? 'Works' : 'Not here'}</span>
  </li>`;
}

define('app-hardware-section', HardwareSection);
