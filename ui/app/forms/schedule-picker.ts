/** Draws the choice of when a source is looked at. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { scheduleWords } from '#widgets/schedule-words.ts';
import { renderNotes } from './field-notes.ts';
import { fromChoice, type ScheduleChoice, TIMES } from './schedule-choice.ts';

const MANNERS: Array<{ id: ScheduleChoice['manner']; label: string; help: string }> = [
  { id: 'live', label: 'All the time', help: 'A live picture' },
  { id: 'every', label: 'Again and again', help: 'Every few seconds or minutes' },
  { id: 'on-demand', label: 'On demand', help: 'Asleep until somebody looks; for batteries' },
  { id: 'times', label: 'At set times', help: 'Such as every day at 07:00' },
];

const UNITS: Array<[string, string]> = [
  ['s', 'seconds'],
  ['m', 'minutes'],
  ['h', 'hours'],
  ['d', 'days'],
];

/** Draws the picker; `change` gets the parts that changed. */
export function renderSchedulePicker(
  choice: ScheduleChoice,
  error: string | undefined,
  change: (part: Partial<ScheduleChoice>) => void,
): TemplateResult {
  return html`<fieldset class="field schedule ${error ? 'has-error' : ''}" data-test="schedule">
    <legend>When to look</legend>
    <div class="choices">
      ${MANNERS.map(
        manner => html`<label class="choice">
          <input
            type="radio"
            name="schedule-manner"
            value=${manner.id}
            .checked=${live(choice.manner === manner.id)}
            @change=${() => change({ manner: manner.id })}
          />
          <span><strong>${manner.label}</strong><small>${manner.help}</small></span>
        </label>`,
      )}
    </div>
    ${choice.manner === 'every' ? renderEvery(choice, change) : nothing}
    ${choice.manner === 'times' ? renderTimes(choice, change) : nothing}
    ${renderNotes('schedule', '', error)}
  </fieldset>`;
}

type Change = (part: Partial<ScheduleChoice>) => void;

function textOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

function renderEvery(choice: ScheduleChoice, change: Change): TemplateResult {
  const units = UNITS.some(([unit]) => unit === choice.unit)
    ? UNITS
    : [...UNITS, ['ms', 'milliseconds'] as const];
  return html`<div class="every">
    <label for="every-count">Every</label>
    <input id="every-count" inputmode="decimal" .value=${live(choice.count)} @input=${(event: Event) => change({ count: textOf(event) })} />
    <select aria-label="Unit" @change=${(event: Event) => change({ unit: textOf(event) })}>
      ${units.map(([unit, words]) => html`<option value=${unit} ?selected=${unit === choice.unit}>${words}</option>`)}
    </select>
  </div>`;
}

function renderTimes(choice: ScheduleChoice, change: Change): TemplateResult {
  const isReady = TIMES.some(time => time.cron === choice.cron);
  return html`<div class="times">
    <div class="field">
      <label for="times-ready">Times</label>
      <select id="times-ready" @change=${(event: Event) => textOf(event) && change({ cron: textOf(event) })}>
        ${TIMES.map(time => html`<option value=${time.cron} ?selected=${time.cron === choice.cron}>${time.label}</option>`)}
        <option value="" ?selected=${!isReady}>My own times…</option>
      </select>
    </div>
    <div class="field">
      <label for="times-cron">Cron expression</label>
      <input id="times-cron" spellcheck="false" autocapitalize="off" aria-describedby="times-cron-help"
        .value=${live(choice.cron)} @input=${(event: Event) => change({ cron: textOf(event) })} />
      <p class="help" id="times-cron-help">Minute, hour, day, month, weekday. Now: ${scheduleWords(fromChoice(choice))}.</p>
    </div>
    <div class="field">
      <label for="times-zone">Time zone</label>
      <input id="times-zone" list="time-zones" spellcheck="false" .value=${live(choice.timezone)}
        @input=${(event: Event) => change({ timezone: textOf(event) })} />
      <datalist id="time-zones">
        ${Intl.supportedValuesOf('timeZone').map(zone => html`<option value=${zone}></option>`)}
      </datalist>
    </div>
  </div>`;
}
