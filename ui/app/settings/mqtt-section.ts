/** `<app-mqtt-section>`: how the hub stands with its broker, how Home Assistant connects, and what is announced. */
import { html, nothing, type TemplateResult } from 'lit';
import './preferences-form.ts';
import '#widgets/age.ts';
import type { Field } from '#app/forms/fields.ts';
import { hub, loadMqtt, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { request } from '#app/net/request.ts';
import { renderCopy, renderNotice } from '#app/parts/blocks.ts';
import { Loaded } from '#app/parts/loaded.ts';
import { define } from '#widgets/define.ts';
import { icon } from '#widgets/icons.ts';
import type { MqttState } from '#widgets/shapes.ts';

const WORDS: Record<MqttState['status'], string> = {
  off: 'MQTT is switched off',
  connecting: 'Connecting…',
  online: 'Connected',
  offline: 'Not connected',
  error: 'Not connected',
};

interface BrokerLogin {
  host: string;
  port: number;
  username: string;
  password: string;
}

const isMqtt = (field: Field) => field.name.startsWith('mqtt.');

class MqttSection extends LightElement {
  readonly #login = new Loaded<BrokerLogin | null>(this, async () => {
    await loadMqtt();
    const hasLogin = hub.value.mqtt?.isBuiltIn === true && may('admin');
    return hasLogin ? request<BrokerLogin>('GET', 'api/mqtt/broker').catch(() => null) : null;
  });

  override render(): TemplateResult {
    return html`${this.#login.render(() => (hub.value.mqtt ? this.#renderState(hub.value.mqtt) : html``), 1)}
      ${
        may('admin')
          ? html`<section class="card" aria-label="What is announced">
              <h2>What is announced</h2>
              <p class="soft">Each source becomes a device in Home Assistant, with its picture and its state.</p>
              <app-preferences .fits=${isMqtt}></app-preferences>
            </section>`
          : nothing
      }`;
  }

  #renderState(mqtt: MqttState): TemplateResult {
    const isGood = mqtt.status === 'online';
    return html`<section class="card" aria-label="Connection to the broker">
        <h2 class="mqtt-head is-${isGood ? 'good' : mqtt.status === 'off' ? 'off' : 'bad'}" data-test="mqtt-status">
          ${icon(isGood ? 'check' : mqtt.status === 'off' ? 'power' : 'alert')}${WORDS[mqtt.status]}
        </h2>
        <p class="soft">${mqtt.reason}</p>
        <dl class="facts">
          ${mqtt.broker ? html`<div><dt>Broker</dt><dd>${mqtt.broker}${mqtt.isBuiltIn ? ' (built in)' : ''}</dd></div>` : nothing}
          <div><dt>Since</dt><dd><glimpser-age .at=${mqtt.since}></glimpser-age></dd></div>
        </dl>
      </section>
      ${this.#renderHowTo(mqtt)}`;
  }

  #renderHowTo(mqtt: MqttState): TemplateResult | typeof nothing {
    if (hub.value.isIngress || mqtt.status === 'off') return nothing;
    return html`<section class="card" aria-label="How to connect Home Assistant">
      <h2>Connect Home Assistant</h2>
      ${mqtt.isBuiltIn ? this.#renderBuiltIn() : renderOwnBroker()}
    </section>`;
  }

  #renderBuiltIn(): TemplateResult {
    const login = this.#login.value;
    const isClosed = login ? /^(127\.|localhost|::1)/.test(login.host) : true;
    return html`<ol class="steps">
        <li>In Home Assistant open <strong>Settings → Devices &amp; services → Add integration → MQTT</strong>.</li>
        <li>Give it the address, port and login below.</li>
        <li>Your sources appear there within seconds.</li>
      </ol>
      ${
        login
          ? html`${renderCopy('Broker', isClosed ? location.hostname : login.host, 'The address of the machine that this hub runs on.')}
              <div class="field-pair">
                ${renderCopy('Port', String(login.port))} ${renderCopy('User name', login.username)}
              </div>
              ${renderCopy('Password', login.password)}`
          : nothing
      }
      ${
        isClosed
          ? renderNotice(
              'info',
              html`<p>
                The built-in broker listens on this machine alone. If Home Assistant runs elsewhere, start the hub with
                <code>MQTT_BROKER_HOST=0.0.0.0</code>, or let it use your own broker with <code>MQTT_URL</code>.
              </p>`,
            )
          : nothing
      }`;
  }
}

function renderOwnBroker(): TemplateResult {
  return html`<p class="soft">
    Home Assistant has to use the same broker: <strong>Settings → Devices &amp; services → MQTT</strong>. Your sources then
    appear there by themselves.
  </p>`;
}

define('app-mqtt-section', MqttSection);
