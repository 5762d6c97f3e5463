/** `<app-devices>`: the cameras that are plugged into the machine of the hub, to be picked with a tap. */
import { html, nothing, type TemplateResult } from 'lit';
import { LightElement } from '#app/light-element.ts';
import { request } from '#app/net/request.ts';
import { define } from '#widgets/define.ts';

/** A plugged-in camera. */
export interface Device {
  path: string;
  stablePath: string | null;
  name: string;
}

class Devices extends LightElement {
  static override properties = {
    chosen: {},
    pick: { attribute: false },
    devices: { state: true },
  };

  /** The path in the field. */
  declare chosen: string;
  declare pick: (path: string) => void;
  /** Undefined until the hub has answered, and for whoever it does not tell. */
  declare devices: Device[] | undefined;

  constructor() {
    super();
    this.chosen = '';
  }

  override firstUpdated(): void {
    request<{ items: Device[] }>('GET', 'api/discovery/devices').then(
      ({ items }) => {
        this.devices = items;
      },
      // Without the list a path can still be typed.
      () => undefined,
    );
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.devices) return nothing;
    if (this.devices.length === 0)
      return html`<p class="help" data-test="no-devices">No camera is plugged into the machine of the hub right now.</p>`;
    return html`<div class="ticks" role="group" aria-label="Cameras that are plugged in" data-test="devices">
      ${this.devices.map(device => this.#renderDevice(device))}
    </div>`;
  }

  #renderDevice({ path, stablePath, name }: Device): TemplateResult {
    const isChosen = this.chosen === path || this.chosen === stablePath;
    return html`<label class="tick">
      <input type="radio" name="device" .checked=${isChosen} @change=${() => this.pick(stablePath ?? path)} />
      ${name} <span class="optional">${path}</span>
    </label>`;
  }
}

define('app-devices', Devices);
