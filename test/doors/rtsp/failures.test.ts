/** Who guesses waits; his neighbours in other networks do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failures } from '#server/doors/rtsp/failures.ts';
import { FakeClock } from '#test/fakes/clock.ts';

/** True when a try from the address has to wait. */
async function waits(failures: Failures, clock: FakeClock, address: string): Promise<boolean> {
  let isTaken = false;
  const turn = failures.turn(address, AbortSignal.timeout(60_000)).then(() => {
    isTaken = true;
  });
  await clock.advance(0);
  const isWaiting = !isTaken;
  await clock.advance(20_000);
  await turn;
  return isWaiting;
}

test('one network of IPv6 counts as one, however its addresses are written', async () => {
  const clock = new FakeClock();
  const failures = new Failures(clock);
  const failed = failures.failed('fe80::1', AbortSignal.timeout(60_000));
  assert.equal(await waits(failures, clock, '2001:db8::1'), false);
  await failed;
  await clock.advance(0);
  const again = failures.failed('fe80::1', AbortSignal.timeout(60_000));
  assert.equal(await waits(failures, clock, 'fe80:0:0:0::2'), true);
  await again;
});
