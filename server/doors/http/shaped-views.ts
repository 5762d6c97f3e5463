/** Streams in shapes of their own, counted per person: each is a picture to make over and over, so nobody gets many. */
import { GlimpserError } from '#base/errors.ts';
import type { Identity } from '#model/user.ts';

/** Enough for a wall of cameras in one size each. */
const MOST_EACH = 24;

/** What people look at. The same shape of the same source counts once, however many windows show it. */
export class ShapedViews {
  readonly #views = new Map<string, Map<string, number>>();

  /** Counts one view until disposed. Throws `too-many-requests`. */
  take({ userId, keyId, name }: Pick<Identity, 'userId' | 'keyId' | 'name'>, view: string): Disposable {
    const who = userId ?? keyId ?? name;
    const views = this.#views.get(who) ?? new Map<string, number>();
    if (!views.has(view) && views.size >= MOST_EACH) throw tooMany();
    this.#views.set(who, views.set(view, (views.get(view) ?? 0) + 1));
    return { [Symbol.dispose]: () => this.#leave(who, views, view) };
  }

  #leave(who: string, views: Map<string, number>, view: string): void {
    const left = (views.get(view) ?? 1) - 1;
    if (left > 0) views.set(view, left);
    else views.delete(view);
    if (views.size === 0) this.#views.delete(who);
  }
}

function tooMany(): GlimpserError {
  return new GlimpserError(
    'too-many-requests',
    `You look at ${MOST_EACH} streams in sizes of their own already. Close one, or ask for pictures as they come.`,
    { retryAfterMs: 10_000 },
  );
}
