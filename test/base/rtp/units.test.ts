/** Packets become units: key units are found, parameter sets put before them, numbers and times kept in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveStream } from '#server/base/rtp/live-stream.ts';
import type { MediaTrack, MediaUnit } from '#server/base/rtp/media.ts';
import { nalReaderOf } from '#server/base/rtp/nal.ts';
import { packetLike, readRtp } from '#server/base/rtp/packet.ts';
import { ParameterSets } from '#server/base/rtp/parameter-sets.ts';
import { goodbye, readSenderReport, reportedSources, senderReport } from '#server/base/rtp/rtcp.ts';
import { UnitBuilder } from '#server/base/rtp/unit-builder.ts';
import { H264_TRACK, unitOf } from '#test/fakes/rtsp-world.ts';

const H265_TRACK: MediaTrack = {
  ...H264_TRACK,
  codec: 'H265',
  format: 'sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE=',
};
const SPS = Buffer.from('Z0LADdoFB+wEQAAAAwBAAAAHo8UKqA==', 'base64');

function packet(payload: number[], { time = 0, isLast = false, type = 96 } = {}): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x8000 | (isLast ? 0x80 : 0) | type, 0);
  head.writeUInt32BE(time, 4);
  return Buffer.concat([head, Buffer.from(payload)]);
}

const roles = (codec: string, ...bytes: number[]) =>
  nalReaderOf(codec)?.(Buffer.from(bytes)).map(({ role }) => role);

/** First payload bytes of the packets of a unit. */
const heads = (unit: MediaUnit | undefined) => unit?.packets.map(one => (one[12] ?? 0) & 0x1f);

test('H.264: single units, aggregates and fragments', () => {
  assert.deepEqual(roles('H264', 0x65, 1), ['key']);
  assert.deepEqual(roles('H264', 0x41, 1), ['other']);
  assert.deepEqual(roles('H264', 0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1, 0, 2, 0x65, 1), ['sps', 'pps', 'key']);
  assert.deepEqual(roles('H264', 0x7c, 0x85, 1), ['key']);
  assert.deepEqual(roles('H264', 0x7c, 0x05, 1), [], 'not the first fragment');
  assert.deepEqual(roles('H264', 0x78, 0, 9, 0x65), [], 'longer than the packet');
  assert.deepEqual(roles('H264'), []);
});

test('H.265: single units, aggregates and fragments', () => {
  assert.deepEqual(roles('H265', 19 << 1, 1, 1), ['key']);
  assert.deepEqual(roles('H265', 21 << 1, 1, 1), ['key']);
  assert.deepEqual(roles('H265', 1 << 1, 1, 1), ['other']);
  assert.deepEqual(roles('H265', 48 << 1, 1, 0, 2, 32 << 1, 1, 0, 2, 33 << 1, 1, 0, 2, 34 << 1, 1), [
    'vps',
    'sps',
    'pps',
  ]);
  assert.deepEqual(roles('H265', 49 << 1, 1, 0x80 | 19), ['key']);
  assert.deepEqual(roles('H265', 49 << 1, 1, 19), []);
});

test('a head with sources, extension and padding is read; a damaged one is none', () => {
  const whole = Buffer.from('b1e00005000000070000000900000001beef000100000000aabb0002', 'hex');
  const head = readRtp(whole);
  assert.deepEqual([head?.isLast, head?.payloadType, head?.sequence, head?.time], [true, 96, 5, 7]);
  assert.equal(head?.payload.toString('hex'), 'aabb');
  for (let length = 0; length < 24; length++) assert.equal(readRtp(whole.subarray(0, length)), undefined);
  assert.equal(readRtp(Buffer.alloc(20)), undefined);
});

test('a key unit without parameter sets gets them, behind a delimiter; numbers run on', () => {
  const builder = new UnitBuilder({ index: 0, track: H264_TRACK, hasVideo: true });
  assert.deepEqual(builder.add(packet([0x09, 0xf0]), 1), []);
  const [key] = builder.add(packet([0x65, 1], { isLast: true }), 2);
  assert.deepEqual(heads(key), [9, 7, 8, 5]);
  assert.deepEqual([key?.isKey, key?.atMs, key?.rtpTime], [true, 2, 0]);
  const [next] = builder.add(packet([0x41, 1], { time: 3000, isLast: true }), 3);
  assert.deepEqual([next?.isKey, heads(next)], [false, [1]]);
  const numbers = [...(key?.packets ?? []), ...(next?.packets ?? [])].map(one => readRtp(one)?.sequence);
  assert.deepEqual(numbers, [0, 1, 2, 3, 4]);
  assert.deepEqual(
    key?.packets.map(one => readRtp(one)?.isLast),
    [false, false, false, true],
  );
});

test('sets in the stream are kept, and replace the ones of the description', () => {
  const builder = new UnitBuilder({ index: 0, track: H264_TRACK, hasVideo: true });
  builder.add(packet([0x67, 9, 9, 9]), 0);
  builder.add(packet([0x68, 8]), 0);
  const [whole] = builder.add(packet([0x65, 1], { isLast: true }), 0);
  assert.deepEqual(heads(whole), [7, 8, 5]);
  const [bare] = builder.add(packet([0x65, 1], { time: 1, isLast: true }), 0);
  assert.deepEqual(bare?.packets[0]?.subarray(12), Buffer.from([0x67, 9, 9, 9]));
});

test('a unit ends at its last packet or where the time changes; foreign packets are left out', () => {
  const builder = new UnitBuilder({ index: 1, track: H265_TRACK, hasVideo: true });
  assert.deepEqual(builder.add(packet([49 << 1, 1, 0x80 | 19, 1]), 0), []);
  assert.deepEqual(builder.add(packet([1, 2], { type: 97 }), 0), []);
  assert.deepEqual(builder.add(Buffer.from('garbage'), 0), []);
  const [key] = builder.add(packet([2, 1, 1], { time: 3000 }), 1);
  assert.deepEqual([key?.track, key?.isKey, key?.packets.length], [1, true, 4]);
});

test('sound is a unit by each packet, and something to begin with only where there is no picture', () => {
  const track: MediaTrack = { ...H264_TRACK, kind: 'audio', codec: 'OPUS', clockRate: 48_000 };
  for (const hasVideo of [true, false]) {
    const builder = new UnitBuilder({ index: 1, track, hasVideo });
    assert.equal(builder.add(packet([1]), 0)[0]?.isKey, !hasVideo);
  }
});

test('a description without sets is completed from the stream', () => {
  const sets = new ParameterSets({ codec: 'H264', format: '' });
  assert.equal(sets.isComplete, false);
  sets.observe({ role: 'sps', bytes: SPS });
  sets.observe({ role: 'pps', bytes: Buffer.from('aM48gA==', 'base64') });
  assert.ok(sets.isComplete);
  assert.equal(
    sets.completed({ codec: 'H264', format: '' }),
    `packetization-mode=1; sprop-parameter-sets=${SPS.toString('base64')},aM48gA==; profile-level-id=42C00D`,
  );
});

test('times of tracks meet on one clock once the publisher has told them', () => {
  const builder = new UnitBuilder({ index: 0, track: H264_TRACK, hasVideo: true });
  builder.calibrate(5000, 2 ** 32 - 90_000);
  const due = [0, 90_000, 180_000].map(
    time => builder.add(packet([0x41, 1], { time, isLast: true }), 0)[0]?.dueMs,
  );
  assert.deepEqual(due, [6000, 7000, 8000]);
});

test('reports say what they are to say', () => {
  const state = { ssrc: 7, wallMs: 1_700_000_000_500, rtpTime: 90_000, packets: 3, octets: 300 };
  const report = senderReport(state);
  assert.deepEqual(readSenderReport(report), { wallMs: 1_700_000_000_500, rtpTime: 90_000 });
  assert.equal(report.length % 4, 0);
  assert.equal(goodbye(state).subarray(-8).toString('hex'), '81cb000100000007');
  assert.deepEqual(
    reportedSources(Buffer.from(`81c90007${'00000001'}${'00000007'}${'00'.repeat(20)}`, 'hex')),
    [7],
  );
  assert.equal(reportedSources(report), undefined);
  assert.equal(
    packetLike(packet([1], { isLast: true }), Buffer.from([5]))
      .toString('hex')
      .slice(0, 4),
    '8060',
  );
});

test('who joins gets what has come since the newest key unit; a group that is too large is not kept', () => {
  const stream = new LiveStream([H264_TRACK], 2000);
  const joined = () => {
    const times: number[] = [];
    let ended = 0;
    const seat = stream.take({ unit: ({ rtpTime }) => times.push(rtpTime), end: () => ended++ });
    return { times, seat, ended: () => ended };
  };
  stream.push(unitOf(false, 1));
  stream.push(unitOf(true, 2));
  stream.push(unitOf(false, 3));
  const first = joined();
  stream.push(unitOf(true, 4));
  assert.deepEqual([first.times, joined().times], [[2, 3, 4], [4]]);
  stream.push(unitOf(false, 5, 1000, 2));
  assert.deepEqual(joined().times, []);
  stream.push(unitOf(true, 6));
  assert.deepEqual(joined().times, [6]);
  first.seat[Symbol.dispose]();
  stream.push(unitOf(false, 7));
  const last = joined();
  stream.end();
  stream.push(unitOf(true, 8));
  assert.deepEqual([first.times, first.ended(), last.times, last.ended()], [[2, 3, 4, 5, 6], 0, [6, 7], 1]);
  assert.equal(joined().ended(), 1);
});
