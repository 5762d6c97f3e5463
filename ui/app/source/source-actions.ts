/** What people can do with a source from its page. */
import { html, nothing, type TemplateResult } from 'lit';
import { choosersOf } from '#app/forms/source-ticks.ts';
import { applySource, hub, may } from '#app/hub/hub.ts';
import { go, linkTo } from '#app/navigate.ts';
import { request, sentenceOf } from '#app/net/request.ts';
import { say } from '#app/parts/toasts.ts';
import { type IconName, icon } from '#widgets/icons.ts';
import type { Source } from '#widgets/shapes.ts';
import { deleteWords } from './delete-words.ts';

/** Runs an action and says how it went; `busy` is told its name while it runs. */
export type RunAction = (name: string, work: () => Promise<string>) => void;

/** Draws the buttons that the person may use. */
export function renderActions(source: Source, busy: string, run: RunAction): TemplateResult {
  if (!may('operator')) return html`${nothing}`;
  const path = `api/sources/${source.id}`;
  return html`<div class="actions" role="group" aria-label="Actions">
    ${
      source.enabled
        ? html`${button('take', 'shutter', 'Take picture', busy, 'is-primary', () => run('take', () => takePicture(path)))}
          ${button('reconnect', 'refresh', 'Reconnect', busy, '', () => run('reconnect', () => reconnect(path)))}`
        : nothing
    }
    ${button(
      'power',
      'power',
      source.enabled ? 'Switch off' : 'Switch on',
      busy,
      source.enabled ? '' : 'is-primary',
      () => run('power', () => switchTo(source, !source.enabled)),
    )}
    <a class="button" data-test="edit" href=${linkTo({ page: 'edit', id: source.id })}>${icon('pencil')}Edit</a>
    ${
      may('admin')
        ? html`${button('duplicate', 'copy', 'Duplicate', busy, '', () => run('duplicate', () => duplicate(source)))}
          ${button('delete', 'bin', 'Delete', busy, 'is-danger', () => run('delete', () => remove(source)))}`
        : nothing
    }
  </div>`;
}

function button(
  name: string,
  sign: IconName,
  words: string,
  busy: string,
  look: string,
  press: () => void,
): TemplateResult {
  return html`<button type="button" class="button ${look}" data-test=${name} ?disabled=${busy === name} @click=${press}>
    ${icon(sign)}${words}
  </button>`;
}

async function takePicture(path: string): Promise<string> {
  await request('POST', `${path}/capture`);
  return 'Picture taken.';
}

async function reconnect(path: string): Promise<string> {
  await request('POST', `${path}/restart`);
  return 'Connecting again…';
}

async function switchTo(source: Source, isOn: boolean): Promise<string> {
  applySource(await request<Source>('POST', `api/sources/${source.id}/${isOn ? 'enable' : 'disable'}`));
  return isOn ? `${source.name} is on.` : `${source.name} is off.`;
}

async function duplicate(source: Source): Promise<string> {
  const copy = await request<Source>('POST', `api/sources/${source.id}/duplicate`);
  applySource(copy);
  go({ page: 'edit', id: copy.id });
  return 'Copied. The copy is off until you switch it on.';
}

async function remove(source: Source): Promise<string> {
  const { ask } = await import('#app/parts/confirm.ts');
  const choosers = choosersOf(source.id, hub.value.sources, hub.value.kinds);
  const isAgreed = await ask({
    title: `Delete ${source.name}?`,
    body: deleteWords(choosers.map(({ name }) => name)),
    verb: 'Delete',
    isDangerous: true,
  });
  if (!isAgreed) return '';
  await request('DELETE', `api/sources/${source.id}`);
  go({ page: 'wall' }, 'replace');
  hub.set({ sources: hub.value.sources.filter(other => other.id !== source.id) });
  return `${source.name} was deleted.`;
}

/** Runs work and says its last sentence, or why it failed. */
export async function runAndSay(work: () => Promise<string>): Promise<void> {
  try {
    const sentence = await work();
    if (sentence !== '') say(sentence);
  } catch (thrown) {
    say(sentenceOf(thrown), 'bad');
  }
}
