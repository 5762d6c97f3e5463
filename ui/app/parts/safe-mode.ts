/** The banner of safe mode: why no source is looked at, and the button that starts them again. */
import { html, nothing, type TemplateResult } from 'lit';
import { hub, may } from '#app/hub/hub.ts';
import { request } from '#app/net/request.ts';
import { runAndSay } from '#app/source/source-actions.ts';
import '#widgets/age.ts';
import { icon } from '#widgets/icons.ts';

/** Draws the banner; nothing while the hub runs as ever. */
export function renderSafeMode(): TemplateResult | typeof nothing {
  const { safeMode } = hub.value;
  if (!safeMode) return nothing;
  return html`<div class="banner is-safe-mode" role="status" data-test="safe-mode">
    ${icon('alert')}
    <p>
      <strong>Safe mode.</strong> ${safeMode.reason} By itself Glimpser tries that
      <glimpser-age .at=${safeMode.triesAgainAt}></glimpser-age>.
    </p>
    ${
      may('admin')
        ? html`<button type="button" class="button is-primary" data-test="leave-safe-mode" @click=${() => runAndSay(leave)}>
            Start the sources
          </button>`
        : nothing
    }
  </div>`;
}

async function leave(): Promise<string> {
  await request('POST', 'api/safe-mode/leave');
  hub.set({ safeMode: null });
  return 'Sources are looked at again.';
}
