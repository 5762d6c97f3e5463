/** How a live picture looks: still and stream lie on top of each other. */
import { css } from 'lit';

export const livePictureStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    background: var(--glimpser-sunken, #dfe6e8);
  }
  img,
  glimpser-movie {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: var(--glimpser-fit, cover);
    object-position: var(--glimpser-position, center);
    filter: var(--glimpser-picture-filter, none);
    transition: opacity 0.25s;
  }
  .stream {
    opacity: 0;
  }
  .stream.is-visible {
    opacity: 1;
  }
  .empty {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: var(--glimpser-faint, #8b9aa2);
  }
  .empty svg {
    width: clamp(28px, 18%, 72px);
    height: auto;
    opacity: 0.65;
  }
  .waking {
    position: absolute;
    inset-inline-start: 12px;
    bottom: 12px;
    margin: 0;
    padding: 4px 10px;
    border-radius: 999px;
    font: 600 0.8125rem / 1.4 var(--glimpser-font, system-ui, sans-serif);
    color: #fff;
    background: rgb(9 18 24 / 72%);
  }
  .is-waiting {
    background: linear-gradient(
      100deg,
      transparent 30%,
      var(--glimpser-sheen, rgb(255 255 255 / 45%)) 50%,
      transparent 70%
    );
    background-size: 250% 100%;
    animation: sheen 2.2s linear infinite;
  }
  @keyframes sheen {
    from {
      background-position: 130% 0;
    }
    to {
      background-position: -120% 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .is-waiting {
      animation: none;
      background: none;
    }
    img,
    glimpser-movie {
      transition: none;
    }
  }
`;
