/** `<app-addresses-tab>`: where other programs find the pictures of a source. */
import { html, nothing, type TemplateResult } from 'lit';
import { hub, may, sourceOf } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { addressOf } from '#app/net/address.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { renderCopy } from '#app/parts/blocks.ts';
import { say } from '#app/parts/toasts.ts';
import { instantText } from '#widgets/ages.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';

type What = 'mjpeg' | 'snapshot' | 'hls' | 'fmp4';

interface Ticket {
  what: What;
  url: string;
  expiresAt: string;
}

const WHATS: Record<What, string> = {
  mjpeg: 'The live picture',
  snapshot: 'The newest picture',
  hls: 'Live video for Apple and for casting (HLS)',
  fmp4: 'Live video as MP4',
};
const TIMES: Array<[string, string]> = [
  ['1d', 'one day'],
  ['30d', '30 days'],
  ['365d', 'one year'],
];

class AddressesTab extends LightElement {
  static override properties = {
    sourceId: {},
    what: { state: true },
    expiresIn: { state: true },
    ticket: { state: true },
    isBusy: { state: true },
  };

  declare sourceId: string;
  declare what: What;
  declare expiresIn: string;
  declare ticket: Ticket | undefined;
  declare isBusy: boolean;

  constructor() {
    super();
    this.sourceId = '';
    this.what = 'mjpeg';
    this.expiresIn = '30d';
    this.isBusy = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.get('sourceId')) this.ticket = undefined;
  }

  override render(): TemplateResult {
    const stream = `api/stream/${this.sourceId}`;
    return html`${sourceOf(this.sourceId)?.kind === 'push' ? this.#renderSending() : nothing}
      <section class="card" aria-label="Addresses with a login">
        <h2>For programs that can log in</h2>
        <p class="soft">With an API key or a name and password. Width and pictures a second may be added, such as <code>?width=640&amp;fps=5</code>.</p>
        ${renderCopy('Newest picture', addressOf(`${stream}/snapshot.jpg`), 'Always answers with a picture, also while the source is away.')}
        ${renderCopy('Live picture', addressOf(`${stream}/mjpeg`), 'MJPEG: browsers and Home Assistant show it.')}
        ${renderCopy('Live video', addressOf(`${stream}/hls/index.m3u8`), 'HLS: Apple devices, televisions and players such as VLC, some seconds behind.')}
        ${renderCopy('Live video as MP4', addressOf(`${stream}/fmp4`), 'One endless file, hardly behind: FFmpeg, VLC and mpv play it.')}
        ${this.#renderRtsp()}
      </section>
      ${may('operator') ? this.#renderTicket() : nothing} ${this.#renderHome()}`;
  }

  /** For sources whose pictures others send. */
  #renderSending(): TemplateResult {
    const path = `api/sources/${this.sourceId}/frames`;
    const command = `curl -H "X-API-Key: YOUR-KEY" -H "Content-Type: image/jpeg" --data-binary @picture.jpg ${addressOf(path)}`;
    return html`<section class="card" aria-label="Sending pictures" data-test="sending">
      <h2>Sending pictures to it</h2>
      <p class="soft">A script, an automation or a camera sends each picture as it is: JPEG, PNG or WebP, up to 20 MB. It shows at once.</p>
      ${renderCopy('Where to send them (POST)', addressOf(path), 'With an API key of the role operator; make one under Settings, API keys.')}
      ${renderCopy('A command to try it', command, 'Put your key and the name of a picture in.')}
      ${renderCopy('Topic for MQTT', `glimpser/${this.sourceId}/frames/set`, 'The picture itself is the message. Where MQTT_BASE_TOPIC is set, the topic begins with that.')}
    </section>`;
  }

  /** Video for recorders; without a login in it, so that it can be shown to everybody. */
  #renderRtsp(): TemplateResult | typeof nothing {
    const { rtspPort } = hub.value;
    if (rtspPort === null) return nothing;
    const { hostname } = new URL(addressOf(''));
    const address = `rtsp://${hostname}:${rtspPort}/${this.sourceId}`;
    return renderCopy(
      'Video for recorders',
      address,
      'RTSP: Frigate, Blue Iris and others play it. Make a login for them under Settings, API keys.',
    );
  }

  #renderTicket(): TemplateResult {
    return html`<section class="card" aria-label="Addresses without a login">
      <h2>For programs that cannot log in</h2>
      <p class="soft">Makes an address for this one source that works until it expires. Whoever has it can look.</p>
      <div class="field-pair">
        <div class="field">
          <label for="ticket-what">What it shows</label>
          <select id="ticket-what" @change=${(event: Event) => {
            this.what = (event.target as HTMLSelectElement).value as What;
          }}>
            ${Object.entries(WHATS).map(([what, words]) => html`<option value=${what} ?selected=${what === this.what}>${words}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="ticket-time">How long</label>
          <select id="ticket-time" @change=${(event: Event) => {
            this.expiresIn = (event.target as HTMLSelectElement).value;
          }}>
            ${TIMES.map(([time, words]) => html`<option value=${time} ?selected=${time === this.expiresIn}>${words}</option>`)}
          </select>
        </div>
      </div>
      <button type="button" class="button" data-test="make-address" ?disabled=${this.isBusy} @click=${this.#make}>
        ${icon('link')}Make an address
      </button>
      <div role="status" class="ticket">
        ${
          this.ticket
            ? renderCopy(
                WHATS[this.ticket.what],
                this.ticket.url,
                `Works until ${instantText(this.ticket.expiresAt, Date.now())}.`,
              )
            : nothing
        }
      </div>
    </section>`;
  }

  #renderHome(): TemplateResult {
    const isOnline = hub.value.mqtt?.status === 'online';
    return html`<section class="card" aria-label="Home Assistant">
      <h2>Home Assistant</h2>
      <p class="soft">
        Nothing to copy: over MQTT this source appears there by itself, with its picture and its
        state.${isOnline ? ' The hub is connected to its broker now.' : ''}
      </p>
    </section>`;
  }

  readonly #make = async (): Promise<void> => {
    this.isBusy = true;
    const { what, expiresIn, sourceId } = this;
    try {
      const ticket = await request<Omit<Ticket, 'what'>>('POST', 'api/tokens', { sourceId, what, expiresIn });
      this.ticket = { ...ticket, what };
    } catch (thrown) {
      say(sentenceOf(thrown), 'bad');
    } finally {
      this.isBusy = false;
    }
  };
}

define('app-addresses-tab', AddressesTab);
