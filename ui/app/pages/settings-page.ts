/** The settings: a list of sections, and the one that is open. */
import { html, nothing, type TemplateResult } from 'lit';
import { hub, may } from '#app/hub/hub.ts';
import { LightElement } from '#app/light-element.ts';
import { linkTo } from '#app/navigate.ts';
import { renderSkeleton } from '#app/parts/blocks.ts';
import { SideScroll } from '#app/parts/side-scroll.ts';
import type { SettingsSection } from '#app/router.ts';
import type { Role } from '#app/settings/shapes.ts';
import { define } from '#widgets/define.ts';
import { type IconName, icon } from '#widgets/icons.ts';

interface Section {
  label: string;
  sign: IconName;
  role: Role;
  load(): Promise<unknown>;
  view(): TemplateResult;
}

/** A new section gets its entry here and its name in router.ts. */
const SECTIONS: Record<SettingsSection, Section> = {
  hub: {
    label: 'Hub',
    sign: 'home',
    role: 'operator',
    load: () => import('#app/settings/hub-section.ts'),
    view: () => html`<app-hub-section></app-hub-section>`,
  },
  mqtt: {
    label: 'Home Assistant',
    sign: 'link',
    role: 'operator',
    load: () => import('#app/settings/mqtt-section.ts'),
    view: () => html`<app-mqtt-section></app-mqtt-section>`,
  },
  hardware: {
    label: 'Hardware',
    sign: 'bolt',
    role: 'admin',
    load: () => import('#app/settings/hardware-section.ts'),
    view: () => html`<app-hardware-section></app-hardware-section>`,
  },
  people: {
    label: 'People',
    sign: 'people',
    role: 'admin',
    load: () => import('#app/settings/people-section.ts'),
    view: () => html`<app-people-section></app-people-section>`,
  },
  keys: {
    label: 'API keys',
    sign: 'key',
    role: 'admin',
    load: () => import('#app/settings/keys-section.ts'),
    view: () => html`<app-keys-section></app-keys-section><app-recorder-logins></app-recorder-logins>`,
  },
  me: {
    label: 'You',
    sign: 'person',
    role: 'viewer',
    load: () => import('#app/settings/me-section.ts'),
    view: () => html`<app-me-section></app-me-section>`,
  },
  versions: {
    label: 'Earlier settings',
    sign: 'events',
    role: 'admin',
    load: () => import('#app/settings/versions-section.ts'),
    view: () => html`<app-versions-section></app-versions-section>`,
  },
  about: {
    label: 'About',
    sign: 'info',
    role: 'viewer',
    load: () => import('#app/settings/about-section.ts'),
    view: () => html`<app-about-section></app-about-section>`,
  },
};

class SettingsPage extends LightElement {
  static override properties = { section: {}, loaded: { state: true } };

  declare section: SettingsSection;
  /** Sections whose code has arrived. */
  declare loaded: ReadonlySet<SettingsSection>;

  constructor() {
    super();
    this.section = 'hub';
    this.loaded = new Set();
    new SideScroll(this, '.settings-nav');
  }

  /** The section to show: the first that the person may see when the address names another. */
  get #open(): SettingsSection {
    return may(SECTIONS[this.section].role) ? this.section : 'me';
  }

  override willUpdate(): void {
    const open = this.#open;
    if (!hub.value.me || this.loaded.has(open)) return;
    SECTIONS[open].load().then(
      () => {
        this.loaded = new Set([...this.loaded, open]);
      },
      () => location.reload(),
    );
  }

  override render(): TemplateResult {
    const open = this.#open;
    const shown = (Object.keys(SECTIONS) as SettingsSection[]).filter(name => may(SECTIONS[name].role));
    return html`<div class="page">
      <header class="page-head"><h1>Settings</h1></header>
      <div class="settings">
        <nav class="settings-nav" aria-label="Settings">
          ${shown.map(
            name => html`<a
              href=${linkTo({ page: 'settings', section: name })}
              data-test=${`settings-${name}`}
              aria-current=${name === open ? 'page' : nothing}
              >${icon(SECTIONS[name].sign)}${SECTIONS[name].label}</a
            >`,
          )}
        </nav>
        <div class="settings-body">
          ${hub.value.me && this.loaded.has(open) ? SECTIONS[open].view() : renderSkeleton(3)}
        </div>
      </div>
    </div>`;
  }
}

define('app-settings-page', SettingsPage);
