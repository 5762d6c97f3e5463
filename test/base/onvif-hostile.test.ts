/** Cameras that are broken or hostile: each is refused in words, and none decides what the hub opens. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { readProfiles, snapshotUrl, streamUrl } from '#server/base/onvif-media.ts';
import { OnvifSoap } from '#server/base/onvif-soap.ts';
import { FakeClock } from '#test/fakes/clock.ts';
import { loopbackEgress, onvifBench } from '#test/fakes/onvif.ts';
import { startHttpCamera } from '#test/peers/http-camera.ts';
import { envelope } from '#test/peers/onvif-answers.ts';
import type { OnvifCameraOptions } from '#test/peers/onvif-camera.ts';

const profilesOf = async (options: OnvifCameraOptions) => {
  await using bench = await onvifBench(options);
  await readProfiles(await bench.open(), bench.signal);
};
const instead = (answer: (response: ServerResponse) => void) =>
  profilesOf({ instead: { GetProfiles: answer } });

test('services on another machine are not asked', async () => {
  for (const [claims, reason] of [
    ['http://169.254.169.254', /cloud metadata address; it is never opened/],
    ['http://127.0.0.2:80', /is another machine, so it is not opened/],
    ['http://10.11.12.13', /10\.11\.12\.13:80, which is another machine.*“only this address”/],
    ['ftp://127.0.0.1', /starts with ftp:, which is never opened here/],
    ['file:///etc/passwd', /never opened here/],
  ] as const) {
    await assert.rejects(profilesOf({ claims }), (thrown: Error) => {
      assert.match(thrown.message, /^Door /, claims);
      assert.match(thrown.message, reason, claims);
      return true;
    });
  }
});

test('streams and stills on another machine are not opened, and get no password', async () => {
  await using bench = await onvifBench({
    stream: 'rtsp://169.254.169.254/x',
    still: 'http://127.0.0.3/x.jpg',
  });
  const camera = await bench.open();
  const [profile = assert.fail()] = await readProfiles(camera, bench.signal);
  await assert.rejects(streamUrl(camera, profile, 'tcp', bench.signal), { code: 'address-refused' });
  await assert.rejects(snapshotUrl(camera, profile, bench.signal), { code: 'address-refused' });
});

test('behind a router only the written address counts, whatever the camera says', async () => {
  await using bench = await onvifBench({
    claims: 'http://10.0.0.9:8899',
    stream: 'rtsp://10.0.0.9:5540/live?x=1',
  });
  const camera = await bench.open({ isOnlyAddress: true });
  const [profile = assert.fail()] = await readProfiles(camera, bench.signal);
  assert.equal(await streamUrl(camera, profile, 'tcp', bench.signal), 'rtsp://127.0.0.1:5540/live?x=1');
});

test('redirects are not followed', async () => {
  const moved = (response: ServerResponse) =>
    void response.writeHead(302, { Location: 'http://127.0.0.1:1/onvif' }).end();
  await assert.rejects(instead(moved), { code: 'source-broken', message: /not followed here/ });
});

test('an answer without end is cut off', async () => {
  const endless = (response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'application/soap+xml' });
    const more = () => {
      while (!response.destroyed && response.write('<a>'.repeat(20_000)));
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  };
  await assert.rejects(instead(endless), { code: 'body-too-large' });
});

test('an XML bomb, a page, half an envelope and a wild time are only words', async () => {
  const bomb = `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(100)}">]>${envelope('<x>&b;</x>')}`;
  await assert.rejects(
    instead(response => void response.end(bomb)),
    { code: 'source-broken', message: /^Door sends an unusable ONVIF answer.*document type/ },
  );
  await assert.rejects(
    instead(response => void response.writeHead(404).end('<html>no</html>')),
    { code: 'source-unreachable', message: /answers 404, but not as an ONVIF camera does/ },
  );
  await assert.rejects(
    instead(response => void response.end('<s:Envelope xmlns:s="x"><s:Body>')),
    { code: 'source-broken', message: /ends too early/ },
  );
  await assert.rejects(
    instead(response => void response.end(envelope(''))),
    { code: 'source-broken', message: /no SOAP body/ },
  );
  const time = envelope(
    '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Date><tt:Year>99999</tt:Year></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>',
  );
  await profilesOf({ instead: { GetSystemDateAndTime: response => void response.end(time) } });
});

test('a camera that drips its answer is given up', async () => {
  await using peer = await startHttpCamera((_request, response) => {
    response.writeHead(200);
    response.write('<s:Env');
  });
  await using egress = loopbackEgress();
  const clock = new FakeClock();
  const soap = new OnvifSoap({ name: 'Door', egress, clock, login: undefined, isCertificateChecked: true });
  const asked = soap.call(peer.url, '<x/>', { signal: new AbortController().signal });
  const refused = assert.rejects(asked, { code: 'source-silent', message: /within 10 s/ });
  while (peer.requests.length === 0) await new Promise(setImmediate);
  await clock.advance(10_000);
  await refused;
});
