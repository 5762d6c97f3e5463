/** Follows the motion sensor of an ONVIF camera beside its pictures, which go on whatever happens to it. */
import type { Clock } from './clock.ts';
import { GlimpserError, isAbort, sentenceOf } from './errors.ts';
import type { OnvifCamera } from './onvif-camera.ts';
import { cameraMotion, tellsMotion } from './onvif-events.ts';
import type { OnvifProfile } from './onvif-media.ts';

/** What following needs. */
export interface MotionParts {
  camera: OnvifCamera;
  profile: OnvifProfile;
  clock: Clock;
  signal: AbortSignal;
  note(line: string): void;
  /** Told at first, and at each change. */
  trigger(name: 'motion', isOn: boolean): void;
}

const AGAIN_MS = { first: 5000, most: 300_000 };

/** Follows until it is disposed or the signal fires; nothing that fails here ends the pictures. */
export function followMotion(parts: MotionParts): AsyncDisposable {
  const stopper = new AbortController();
  const signal = AbortSignal.any([parts.signal, stopper.signal]);
  const followed = follow({ ...parts, signal });
  return {
    async [Symbol.asyncDispose]() {
      stopper.abort();
      await followed;
    },
  };
}

async function follow(parts: MotionParts): Promise<void> {
  const { camera, clock, signal, note } = parts;
  if (!camera.has('events')) return note('The camera has no motion sensor of its own that it tells about.');
  let waitMs = AGAIN_MS.first;
  let said = '';
  while (!signal.aborted) {
    try {
      await followOnce(parts, () => {
        waitMs = AGAIN_MS.first;
      });
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown)) return;
      const sentence = `Its motion sensor cannot be followed: ${sentenceOf(thrown)}`;
      if (sentence !== said) note(sentence);
      said = sentence;
      // A wrong login again and again would lock the user.
      if (thrown instanceof GlimpserError && thrown.code === 'source-refused-login') return;
    }
    await clock.sleep(waitMs, signal).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, AGAIN_MS.most);
  }
}

async function followOnce(parts: MotionParts, onGood: () => void): Promise<void> {
  let isOn: boolean | undefined;
  const tell = (isMoving: boolean) => {
    if (isMoving !== isOn) parts.trigger('motion', isMoving);
    isOn = isMoving;
  };
  if (await tellsMotion(parts.camera, parts.signal)) tell(false);
  try {
    for await (const isMoving of cameraMotion(parts)) {
      onGood();
      tell(isMoving);
    }
  } finally {
    if (isOn) tell(false);
  }
}
