/** Asks before something is done that cannot be taken back. */
import './web-awesome.ts';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { html, render } from 'lit';

/** What is asked. */
export interface Question {
  title: string;
  body: string;
  /** The verb on the button, such as Delete. */
  verb: string;
  /** The word of the way back; Cancel when it is left out. */
  cancel?: string;
  isDangerous?: boolean;
}

/** Resolves true when the person agrees. */
export function ask(question: Question): Promise<boolean> {
  const host = document.createElement('div');
  document.body.append(host);
  return new Promise(resolve => {
    let isAgreed = false;
    const close = (agreed: boolean) => {
      isAgreed = agreed;
      const dialog = host.querySelector('wa-dialog');
      if (dialog) dialog.open = false;
    };
    const gone = (event: Event) => {
      if (event.target !== host.querySelector('wa-dialog')) return;
      host.remove();
      resolve(isAgreed);
    };
    render(
      html`<wa-dialog label=${question.title} open data-test="confirm" @wa-after-hide=${gone}>
        <p>${question.body}</p>
        <div slot="footer" class="actions">
          <button type="button" class="button" autofocus data-test="confirm-no" @click=${() => close(false)}>${question.cancel ?? 'Cancel'}</button>
          <button
            type="button"
            class="button ${question.isDangerous ? 'is-danger' : 'is-primary'}"
            data-test="confirm-yes"
            @click=${() => close(true)}
          >
            ${question.verb}
          </button>
        </div>
      </wa-dialog>`,
      host,
    );
  });
}
