/** How a movie and the little that lies on it look. */
import { css } from 'lit';

export const movieViewStyles = css`
  :host {
    display: block;
  }
  video {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: var(--glimpser-fit, cover);
    object-position: var(--glimpser-position, center);
  }
  .on-picture {
    position: absolute;
    inset-inline: 12px;
    bottom: 12px;
    display: flex;
    justify-content: space-between;
    align-items: end;
    pointer-events: none;
  }
  p {
    margin: 0;
    padding: 4px 10px;
    border-radius: 999px;
    font: 600 0.8125rem / 1.4 var(--glimpser-font, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
  }
  p,
  button {
    color: #fff;
    background: rgb(9 18 24 / 72%);
  }
  button {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    margin-inline-start: auto;
    padding: 0;
    border: 0;
    border-radius: 50%;
    cursor: pointer;
    pointer-events: auto;
  }
  button:hover {
    background: rgb(9 18 24 / 90%);
  }
  button:focus-visible {
    outline: 3px solid var(--glimpser-focus, #4338ca);
    outline-offset: 2px;
  }
`;
