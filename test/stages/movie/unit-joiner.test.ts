/** Pictures in several units: put together without making those wait that come in one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnitJoiner } from '#server/stages/movie/unit-joiner.ts';
import { H264_TRACK } from '#test/fakes/rtsp-world.ts';

/** A picture at a tenth of a second; a part of one may be some ticks later. */
const unit = (tenth: number, name: string, isKey = false) => ({
  track: 0,
  packets: [Buffer.from(name)],
  rtpTime: Math.round(tenth * 9000),
  isKey,
  atMs: tenth * 100,
});
type Unit = ReturnType<typeof unit>;

/** What comes out after each unit that goes in. */
function through(...units: Unit[]): string[][] {
  const joiner = new UnitJoiner(H264_TRACK);
  return units.map(one => joiner.take(one).map(({ packets }) => packets.join('+')));
}

test('only the first picture waits for the next one', () => {
  const seen = through(unit(0, 'key', true), unit(1, 'b'), unit(2, 'c'), unit(3, 'key', true), unit(4, 'd'));
  assert.deepEqual(seen, [[], ['key', 'b'], ['c'], ['key'], ['d']]);
});

test('key pictures that come in parts wait for the next picture, others do not', () => {
  const seen = through(
    ...[unit(0, 'k1', true), unit(0.0002, 'k2', true), unit(1, 'b'), unit(2, 'c')],
    ...[unit(3, 'k1', true), unit(3, 'k2', true), unit(3, 'k3', true), unit(4, 'd')],
  );
  assert.deepEqual(seen, [[], [], ['k1+k2', 'b'], ['c'], [], [], [], ['k1+k2+k3', 'd']]);
});

test('where all pictures come in parts, all wait; the one that found it out is cut', () => {
  const seen = through(
    ...[unit(0, 'k', true), unit(1, 'b1'), unit(1, 'b2')],
    ...[unit(2, 'c1'), unit(2, 'c2'), unit(3, 'd1')],
  );
  assert.deepEqual(seen, [[], ['k', 'b1'], [], [], [], ['c1+c2']]);
});
