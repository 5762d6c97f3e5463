/** How the list of events looks. */
import { css } from 'lit';

export const eventListStyles = css`
  :host {
    display: block;
    font-family: var(--glimpser-font, system-ui, sans-serif);
    color: var(--glimpser-ink, #12212b);
  }
  section + section {
    margin-top: 24px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--glimpser-ink-soft, #46565f);
  }
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
    border: 1px solid var(--glimpser-line, #d9e1e4);
    border-radius: var(--glimpser-radius, 16px);
    background: var(--glimpser-surface, #fff);
    overflow: hidden;
  }
  li {
    display: grid;
    grid-template-columns: 36px 1fr auto;
    gap: 4px 12px;
    align-items: start;
    padding: 14px 16px;
  }
  li + li {
    border-top: 1px solid var(--glimpser-line, #d9e1e4);
  }
  .sign {
    width: 36px;
    height: 36px;
    border-radius: 50%;
    display: grid;
    place-items: center;
  }
  .sign svg {
    width: 20px;
    height: 20px;
  }
  .good .sign {
    color: var(--glimpser-good, #146c3c);
    background: var(--glimpser-good-soft, #dcf4e4);
  }
  .bad .sign {
    color: var(--glimpser-bad, #a3222a);
    background: var(--glimpser-bad-soft, #fde3e3);
  }
  .plain .sign {
    color: var(--glimpser-accent-ink, #0b535b);
    background: var(--glimpser-accent-soft, #d8eceb);
  }
  p {
    margin: 0;
  }
  .title {
    font-weight: 600;
    font-size: 0.9375rem;
    line-height: 1.4;
  }
  .summary {
    margin-top: 2px;
    font-size: 0.875rem;
    line-height: 1.45;
    color: var(--glimpser-ink-soft, #46565f);
    overflow-wrap: anywhere;
  }
  .when {
    display: grid;
    justify-items: end;
    gap: 2px;
    font-size: 0.8125rem;
    line-height: 1.5;
    color: var(--glimpser-ink-soft, #46565f);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .open {
    color: var(--glimpser-bad, #a3222a);
    font-weight: 600;
  }
  .plain .open {
    color: var(--glimpser-accent-ink, #0b535b);
  }
  a {
    color: inherit;
    text-decoration: underline;
    text-decoration-color: var(--glimpser-line-strong, #8496a0);
    text-underline-offset: 3px;
  }
  a:hover {
    text-decoration-color: currentColor;
  }
  a:focus-visible {
    outline: 3px solid var(--glimpser-focus, #4338ca);
    outline-offset: 2px;
    border-radius: 4px;
  }
  @media (max-width: 420px) {
    li {
      grid-template-columns: 36px 1fr;
    }
    .when {
      grid-column: 2;
      display: flex;
      justify-content: start;
      gap: 12px;
    }
  }
`;
