/** Messages, frames, descriptions and transports of RTSP, as they are read and written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asRequest, readTarget, writeAnswer } from '#server/base/rtsp/message.ts';
import { RtspReader } from '#server/base/rtsp/reader.ts';
import { readSdp, writeSdp } from '#server/base/rtsp/sdp.ts';
import { pickTransport } from '#server/base/rtsp/transport.ts';

/** Reads bytes in pieces of a size; answers what came. */
function read(bytes: Buffer, size: number): string[] {
  const found: string[] = [];
  const reader = new RtspReader({
    message: ({ startLine, headers, body }) => found.push(`${startLine}|${headers['a'] ?? ''}|${body}`),
    packet: (channel, packet) => found.push(`${channel}:${packet}`),
  });
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  return found;
}

test('messages and frames survive a cut at every byte', () => {
  const bytes = Buffer.from(
    '\r\nOPTIONS * RTSP/1.0\r\nA : 1\r\na: 2 \r\nContent-Length: 3\r\n\r\nx$y$\x02\x00\x04p\r\n\rPLAY b RTSP/1.0\r\n\r\n',
  );
  const expected = ['OPTIONS * RTSP/1.0|1, 2|x$y', '2:p\r\n\r', 'PLAY b RTSP/1.0||'];
  for (let size = 1; size <= bytes.length; size++) assert.deepEqual(read(bytes, size), expected);
});

test('what is too large or no message is refused', () => {
  assert.throws(() => read(Buffer.alloc(16_500, 'a'), 1000), { code: 'body-too-large' });
  assert.throws(() => read(Buffer.from('A b C\r\nContent-Length: 65537\r\n\r\n'), 99), {
    code: 'body-too-large',
  });
  assert.throws(() => read(Buffer.from('A b C\r\nContent-Length: 1x\r\n\r\n'), 99), {
    code: 'body-unreadable',
  });
  assert.throws(() => read(Buffer.from(`A b C\r\n${'a: b\r\n'.repeat(65)}\r\n`), 999), {
    code: 'body-too-large',
  });
});

test('requests are told from responses and from garbage', () => {
  const message = (startLine: string, cseq = '1') =>
    asRequest({ startLine, headers: { cseq }, body: Buffer.alloc(0) });
  assert.equal(message('RTSP/1.0 200 OK'), undefined);
  assert.equal(message('PLAY  x RTSP/1.0'), 400);
  assert.equal(message('PLAY x RTSP/2.0'), 505);
  assert.equal(message('PLAY x RTSP/1.0', 'one'), 400);
  assert.equal((message('PLAY x RTSP/1.0') as { method: string }).method, 'PLAY');
  assert.equal(
    writeAnswer('3', { status: 200, body: 'é' }),
    'RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 2\r\n\r\né',
  );
});

test('addresses: track, query, slashes and percent signs', () => {
  const target = (url: string) => readTarget(url);
  assert.deepEqual(target('rtsp://h:1/yard'), { path: 'yard', track: undefined });
  assert.deepEqual(target('rtsp://h/yard/?a=b/trackID=2'), { path: 'yard', track: 2 });
  assert.deepEqual(target('rtsp://u:p@h/a%20b//trackID=0/'), { path: 'a b', track: 0 });
  assert.equal(target('rtsp://h/%ff'), undefined);
  assert.equal(target('http://h/a'), undefined);
  assert.equal(target('yard'), undefined);
});

test('a description is read, and written so that it can be read again', () => {
  const text = [
    'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 h264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:streamid=0',
    'm=audio 0 RTP/AVP 0\r\na=control:streamid=1',
    'm=application 0 RTP/AVP 98\r\na=rtpmap:98 vnd.onvif.metadata/90000',
    'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 OPUS/48000/2\r\n',
  ].join('\r\n');
  const described = readSdp(text);
  assert.deepEqual(
    described.map(({ track, control }) => [
      track.codec,
      track.clockRate,
      track.channels,
      track.format,
      control,
    ]),
    [
      ['H264', 90_000, undefined, 'packetization-mode=1', 'streamid=0'],
      ['PCMU', 8000, 1, '', 'streamid=1'],
      ['OPUS', 48_000, 2, '', ''],
    ],
  );
  const tracks = described.map(({ track }) => track);
  const again = readSdp(writeSdp(tracks, '::1'));
  assert.deepEqual(
    again.map(({ track }) => track),
    tracks,
  );
  assert.deepEqual(
    again.map(({ control }) => control),
    ['trackID=0', 'trackID=1', 'trackID=2'],
  );
  for (const garbage of ['', 'm=', 'm=video x', `m=video 0 RTP/AVP 200\r\na=rtpmap:200 A/1`]) {
    assert.deepEqual(readSdp(garbage), []);
  }
});

test('of the transports that are offered the first one that can be is taken', () => {
  const tcp = { kind: 'tcp', channels: [4, 5] };
  assert.deepEqual(
    pickTransport('RTP/AVP;unicast;client_port=5000-5001,RTP/AVP/TCP;interleaved=4-5', false),
    tcp,
  );
  assert.deepEqual(pickTransport('RTP/AVP/UDP;unicast;client_port=5000', true), {
    kind: 'udp',
    ports: [5000, 5001],
  });
  assert.deepEqual(pickTransport('rtp/avp/tcp;unicast', false), { kind: 'tcp', channels: undefined });
  for (const refused of [
    'RTP/AVP;multicast',
    'RTP/AVP;client_port=5000-5001',
    'RTP/AVP;unicast;client_port=53-54',
    'RTP/SAVP;unicast',
    '',
  ]) {
    assert.equal(pickTransport(refused, true), undefined, refused);
  }
});
