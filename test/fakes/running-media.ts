/** Hands a recording out over and over at its own pace, as a camera would. */
import type { FakeClock } from '#test/fakes/clock.ts';
import type { HandMedia } from '#test/fakes/hand-media.ts';
import type { RtpRecording } from '#test/fakes/rtp-recording.ts';

const TICK_MS = 20;

/** Runs until disposed; the clock of the test runs along. */
export function runMedia(media: HandMedia, clock: FakeClock, recording: RtpRecording): Disposable {
  const { tracks, units } = recording;
  media.tracks = tracks;
  const firsts = tracks.map((_, track) => units.find(unit => unit.track === track)?.rtpTime ?? 0);
  const rateOf = (track: number) => tracks[track]?.clockRate ?? 1;
  const timed = units
    .map(unit => ({
      unit,
      atMs: (((unit.rtpTime - (firsts[unit.track] ?? 0)) >>> 0) * 1000) / rateOf(unit.track),
    }))
    .sort((a, b) => a.atMs - b.atMs);
  const roundMs = Math.round((timed.at(-1)?.atMs ?? 0) / 1000) * 1000;
  let [next, round, lastMs] = [0, 0, performance.now()];
  let isOver = false;
  const tick = async () => {
    const nowMs = performance.now();
    await clock.advance(nowMs - lastMs);
    lastMs = nowMs;
    for (let due = timed[next]; due && due.atMs + round * roundMs <= clock.monotonic(); due = timed[next]) {
      const rtpTime = (due.unit.rtpTime + (round * roundMs * rateOf(due.unit.track)) / 1000) >>> 0;
      media.put({ ...due.unit, rtpTime, atMs: clock.monotonic() });
      next = (next + 1) % timed.length;
      if (next === 0) round++;
    }
    if (!isOver) timer = setTimeout(tick, TICK_MS);
  };
  let timer = setTimeout(tick, 0);
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
