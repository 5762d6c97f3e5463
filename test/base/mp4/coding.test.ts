/** Descriptions of video and audio, against parameter sets of real encoders. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aacCoding, opusCoding, readAudioConfig } from '#server/base/mp4/audio-coding.ts';
import { Bits, withoutEscapes } from '#server/base/mp4/bits.ts';
import { writeFragment } from '#server/base/mp4/fragment.ts';
import { h264, readH264Sps } from '#server/base/mp4/h264.ts';

/** x264, High, 1920×1080 (cropped from 1088), three pictures out of order at most. */
const HIGH_1080 = Buffer.from('67640028acd940780227e5c05a808080a0000003002000000781e30632c0', 'hex');
/** A camera's Baseline, 640×480, without usability information. */
const BASELINE_VGA = Buffer.from('6742001e95a8280f64', 'hex');

test('numbers of any width, and Exp-Golomb', () => {
  const bits = new Bits(Buffer.from([0b10100110, 0b01000010, 0b10000000]));
  assert.deepEqual([bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()], [0, 1, 2, 3]);
  assert.deepEqual(
    [1, 2, 3].map(() => new Bits(Buffer.alloc(0)).read(32)),
    [0, 0, 0],
  );
  assert.equal(withoutEscapes(Buffer.from([0, 0, 3, 1, 0, 0, 3, 0, 0, 3])).toString('hex'), '00000100000000');
});

test('H.264: size, cropping, order and name', () => {
  const { width, height, profile, reorder } = readH264Sps(HIGH_1080);
  assert.deepEqual([width, height, profile, reorder], [1920, 1080, 100, 2]);
  const small = readH264Sps(BASELINE_VGA);
  assert.deepEqual([small.width, small.height, small.reorder], [640, 480, 0]);
  const parameters = new Map([['sps 0', HIGH_1080]]);
  assert.equal(h264.describe(parameters), undefined, 'half of it is missing');
  parameters.set('pps 0', Buffer.from('68ebe3cb22c0', 'hex'));
  assert.equal(h264.describe(parameters)?.codec, 'avc1.640028');
});

test('damaged parameter sets are refused', () => {
  assert.throws(() => readH264Sps(Buffer.from([0x67, 0x64])), RangeError);
  assert.throws(() => readH264Sps(BASELINE_VGA.subarray(0, 6)), RangeError);
});

test('audio is described by what SDP says', () => {
  assert.deepEqual(readAudioConfig(Buffer.from('1210', 'hex')), { objectType: 2, rate: 44_100, channels: 2 });
  const aac = aacCoding(new Map([['config', '1408']]), 16_000);
  assert.equal(aac?.codec, 'mp4a.40.2');
  assert.equal(aac?.framesOf(Buffer.from([0, 16, 0, 8, 7]))[0]?.duration, 1024);
  assert.equal(aacCoding(new Map(), 16_000), undefined);
  const opus = opusCoding(2);
  const lasting = [0x08, 0x0a, 0x78, 0xfb].map(toc => opus.framesOf(Buffer.from([toc, 3]))[0]?.duration);
  assert.deepEqual(lasting, [960, 1920, 960, 2880]);
});

test('a fragment points at its own data', () => {
  const sample = (text: string) => ({ data: [Buffer.from(text)], duration: 1, offset: -2, isSync: true });
  const bytes = writeFragment(1, [
    { trackId: 1, decodeTime: 5, samples: [sample('picture')] },
    { trackId: 2, decodeTime: 6, samples: [sample('so'), sample('und')] },
    { trackId: 3, decodeTime: 7, samples: [] },
  ]);
  const moofBytes = bytes.readUInt32BE(0);
  assert.equal(bytes.toString('latin1', moofBytes + 4, moofBytes + 8), 'mdat');
  assert.equal(bytes.toString('latin1', moofBytes + 8), 'picturesound');
  assert.equal(bytes.readUInt32BE(moofBytes), bytes.length - moofBytes);
});
