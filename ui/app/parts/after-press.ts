/** Waits with what moves a page until the mouse button is up: else a click misses what has moved away. */

let isPressed = false;
const waiting: Array<() => void> = [];

function release(): void {
  isPressed = false;
  // The click comes right after the button is up.
  setTimeout(() => {
    for (const run of waiting.splice(0)) run();
  });
}

addEventListener('pointerdown', () => {
  isPressed = true;
});
addEventListener('pointerup', release);
addEventListener('pointercancel', release);

/** Runs now, or once what is pressed is let go: a field is left before the click that leaves it counts. */
export function afterPress(run: () => void): void {
  if (isPressed) waiting.push(run);
  else run();
}
