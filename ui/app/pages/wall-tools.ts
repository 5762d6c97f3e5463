/** The search and the buttons above the wall. */
import { html, nothing, type TemplateResult } from 'lit';
import { may } from '#app/hub/hub.ts';
import { linkTo } from '#app/navigate.ts';
import { type IconName, icon } from '#widgets/icons.ts';

/** What the tools show and do. */
export interface WallTools {
  query: string;
  isPaused: boolean;
  isCompact: boolean;
  canArrange: boolean;
  search(words: string): void;
  pause(): void;
  resize(): void;
  arrange(): void;
}

/** Draws them. */
export function renderWallTools(tools: WallTools): TemplateResult {
  const { query, isPaused, isCompact, canArrange } = tools;
  const still = { sign: isPaused ? 'play' : 'pause', isOn: isPaused } as const;
  return html`<div class="wall-tools">
    <div class="search">
      ${icon('search')}
      <input
        type="search"
        aria-label="Search sources"
        placeholder="Search"
        data-test="wall-search"
        .value=${query}
        @input=${(event: Event) => tools.search((event.target as HTMLInputElement).value)}
      />
    </div>
    ${renderButton('wall-pause', still, 'Hold the pictures still', isPaused ? 'Let the pictures move' : '', tools.pause)}
    ${renderButton('wall-size', { sign: 'wall', isOn: isCompact }, 'Small tiles', isCompact ? 'Larger tiles' : '', tools.resize)}
    ${canArrange ? renderButton('wall-arrange', { sign: 'sort', isOn: undefined }, 'Arrange the tiles', '', tools.arrange) : nothing}
    ${
      may('admin')
        ? html`<a class="button is-primary wall-add" data-test="wall-add" href=${linkTo({ page: 'add', kind: undefined })}>${icon('plus')}Add</a>`
        : nothing
    }
  </div>`;
}

function renderButton(
  name: string,
  look: { sign: IconName; isOn: boolean | undefined },
  label: string,
  title: string,
  press: () => void,
): TemplateResult {
  return html`<button
    type="button"
    class="button is-icon"
    data-test=${name}
    aria-pressed=${look.isOn === undefined ? nothing : String(look.isOn)}
    aria-label=${label}
    title=${title || label}
    @click=${press}
  >
    ${icon(look.sign)}
  </button>`;
}
