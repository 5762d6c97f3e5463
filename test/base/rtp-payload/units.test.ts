/** Units out of packets: packed together, cut up, and with packets lost on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AacPackets } from '#server/base/rtp-payload/aac.ts';
import { h264Units } from '#server/base/rtp-payload/h264.ts';
import { h265Units } from '#server/base/rtp-payload/h265.ts';

const packet = (sequence: number, ...bytes: number[]) => ({ sequence, payload: Buffer.from(bytes) });
const hex = (units: readonly Buffer[]) => units.map(unit => unit.toString('hex'));

test('H.264: single units, STAP-A and FU-A', () => {
  assert.deepEqual(hex(h264Units([packet(1, 0x65, 1, 2)])), ['650102']);
  assert.deepEqual(hex(h264Units([packet(1, 0x78, 0, 2, 0x67, 1, 0, 1, 0x68)])), ['6701', '68']);
  const cut = [packet(65_535, 0x7c, 0x85, 1), packet(0, 0x7c, 0x05, 2), packet(1, 0x7c, 0x45, 3)];
  assert.deepEqual(hex(h264Units(cut)), ['65010203']);
  assert.deepEqual(hex(h264Units([packet(1, 0x78, 0, 9, 0x67)])), [], 'a length beyond the end');
  assert.deepEqual(hex(h264Units([packet(1, 0x79, 0, 0, 0, 1, 0x67)])), [], 'a kind of the interleaved mode');
});

test('H.265: aggregation and fragmentation', () => {
  assert.deepEqual(hex(h265Units([packet(1, 0x60, 1, 0, 3, 0x40, 1, 9, 0, 2, 0x42, 1)])), ['400109', '4201']);
  const cut = [packet(1, 0x62, 1, 0x93, 1), packet(2, 0x62, 1, 0x13, 2), packet(3, 0x62, 1, 0x53, 3)];
  assert.deepEqual(hex(h265Units(cut)), ['2601010203']);
});

test('a unit that misses a part is left out; the next one is whole again', () => {
  const [first, last] = [packet(1, 0x7c, 0x85, 1), packet(3, 0x7c, 0x45, 3)];
  assert.deepEqual(hex(h264Units([first, last, packet(4, 0x41, 7)])), ['4107']);
  assert.deepEqual(hex(h264Units([last])), [], 'its beginning is lost');
  assert.deepEqual(hex(h264Units([first])), [], 'its end is lost');
});

test('AAC: several frames in a packet, one frame over several, and nonsense', () => {
  const sizes = { size: 13, index: 3, indexDelta: 3 };
  const aac = new AacPackets(sizes);
  assert.deepEqual(hex(aac.framesOf(Buffer.from([0, 32, 0, 16, 0, 8, 1, 2, 3]))), ['0102', '03']);
  assert.deepEqual(hex(aac.framesOf(Buffer.from([0, 16, 0, 32, 1, 2]))), []);
  assert.deepEqual(hex(aac.framesOf(Buffer.from([0, 16, 0, 32, 3, 4]))), ['01020304']);
  assert.deepEqual(hex(aac.framesOf(Buffer.from([255, 255, 0]))), []);
  assert.deepEqual(hex(aac.framesOf(Buffer.alloc(1))), []);
});
