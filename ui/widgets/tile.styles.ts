/** How a tile looks: the picture is the hero, the words stand below it. */
import { css } from 'lit';

export const tileStyles = css`
  :host {
    display: block;
    font-family: var(--glimpser-font, system-ui, sans-serif);
    color: var(--glimpser-ink, #12212b);
  }
  article {
    position: relative;
    height: 100%;
    box-sizing: border-box;
    overflow: hidden;
    border-radius: var(--glimpser-radius, 16px);
    background: var(--glimpser-surface, #fff);
    border: 1px solid var(--glimpser-line, #d9e1e4);
    box-shadow: var(--glimpser-shadow, 0 1px 2px rgb(15 30 40 / 6%));
    transition:
      box-shadow 0.2s,
      border-color 0.2s;
  }
  article:hover {
    border-color: var(--glimpser-line-strong, #8496a0);
    box-shadow: var(--glimpser-shadow-raised, 0 8px 24px rgb(15 30 40 / 12%));
  }
  article:has(a:focus-visible) {
    outline: 3px solid var(--glimpser-focus, #4338ca);
    outline-offset: 2px;
  }
  .picture {
    position: relative;
  }
  glimpser-live {
    aspect-ratio: 16 / 9;
  }
  .is-dim glimpser-live {
    --glimpser-picture-filter: grayscale(0.75) brightness(0.72);
  }
  button {
    position: absolute;
    z-index: 1;
    top: 8px;
    inset-inline-end: 8px;
    width: 44px;
    height: 44px;
    padding: 0;
    display: grid;
    place-items: center;
    border: 0;
    background: none;
    cursor: pointer;
    color: #fff;
  }
  button svg {
    box-sizing: border-box;
    width: 32px;
    height: 32px;
    padding: 7px;
    border-radius: 50%;
    background: rgb(9 18 24 / 62%);
    transition: background 0.15s;
  }
  button:hover svg {
    background: rgb(9 18 24 / 88%);
  }
  button:focus-visible {
    outline: 3px solid var(--glimpser-focus, #4338ca);
    outline-offset: -4px;
    border-radius: 50%;
  }
  .words {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 12px;
    align-items: center;
    padding: 12px 14px 14px 16px;
  }
  .line {
    grid-column: 1 / -1;
  }
  h2 {
    margin: 0;
    font-size: 1rem;
    font-weight: 600;
    line-height: 1.4;
    letter-spacing: -0.005em;
  }
  a {
    color: inherit;
    text-decoration: none;
    display: block;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  a:focus-visible {
    outline: none;
  }
  a::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .line {
    margin: 2px 0 0;
    font-size: 0.8125rem;
    line-height: 1.45;
    color: var(--glimpser-ink-soft, #46565f);
    font-variant-numeric: tabular-nums;
  }
  .reason {
    position: absolute;
    inset: auto 0 0;
    margin: 0;
    padding: 9px 14px 10px 16px;
    border-inline-start: 4px solid #ff8a85;
    background: #1c1216e8;
    color: #fff;
    font-size: 0.8125rem;
    line-height: 1.45;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-clamp: 3;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  @media (prefers-reduced-motion: reduce) {
    article,
    button svg {
      transition: none;
    }
  }
`;
