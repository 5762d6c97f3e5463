import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerChallenge, pickChallenge, readChallenges } from '#server/base/http-challenge.ts';

const fieldOf = (header: string, name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(header)?.[1];

/** The example of RFC 7616, section 3.9.1. */
const RFC_7616 = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const REQUEST_7616 = {
  method: 'GET',
  path: '/dir/index.html',
  count: 1,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};

for (const [algorithm, response] of [
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const) {
  test(`Digest with ${algorithm} answers as the example of RFC 7616`, () => {
    const challenge = pickChallenge(readChallenges(RFC_7616(algorithm))) ?? assert.fail();
    const header = answerChallenge(
      challenge,
      { username: 'Mufasa', password: 'Circle of Life' },
      REQUEST_7616,
    );
    assert.equal(fieldOf(header, 'response'), response);
    assert.equal(fieldOf(header, 'nc'), '00000001');
    assert.equal(fieldOf(header, 'opaque'), 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS');
    assert.equal(fieldOf(header, 'algorithm'), algorithm);
  });
}

test('Digest without quality of protection answers as old cameras expect', () => {
  const challenge = pickChallenge(
    readChallenges('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'),
  );
  const login = { username: 'Mufasa', password: 'Circle Of Life' };
  const header = answerChallenge(challenge ?? assert.fail(), login, REQUEST_7616);
  assert.equal(fieldOf(header, 'response'), '670fd8c2df070c60b045671b8b24ff02');
  assert.ok(!header.includes('cnonce') && !header.includes('qop') && !header.includes('algorithm'));
});

test('Basic is used only when nothing safer is offered', () => {
  const [basic, md5, sha] = ['Basic realm="a, Digest b"', RFC_7616('MD5'), RFC_7616('SHA-256')];
  const picked = (header: string | string[]) => {
    const challenge = pickChallenge(readChallenges(header));
    return challenge && (challenge.fields['algorithm'] ?? challenge.scheme);
  };
  assert.equal(picked(`${basic}, ${md5}, ${sha}`), 'SHA-256');
  assert.equal(picked([md5, basic]), 'MD5');
  assert.equal(picked(basic), 'basic');
  assert.equal(picked('Basic'), 'basic');
  assert.equal(picked('Negotiate, NTLM'), undefined);
  assert.equal(picked(undefined as unknown as string), undefined);
});

test('a challenge that nobody can answer is said, unless Basic is offered beside it', () => {
  const strange = 'Digest realm="x", nonce="y", algorithm=SHA-512-256';
  assert.throws(() => pickChallenge(readChallenges(strange)), { code: 'source-broken', message: /SHA-512/ });
  assert.equal(pickChallenge(readChallenges(`${strange}, Basic realm="x"`))?.scheme, 'basic');
});

test('quotes, backslashes and letters beyond ASCII survive in names and realms', () => {
  const [challenge] = readChallenges('Digest realm="the \\"yard\\", left", nonce="n"');
  assert.equal(challenge?.fields['realm'], 'the "yard", left');
  const login = { username: 'jürg "j" \\', password: 'x' };
  const header = answerChallenge(challenge ?? assert.fail(), login, REQUEST_7616);
  assert.ok(header.includes('realm="the \\"yard\\", left"'));
  assert.ok(header.includes(`username="j\xc3\xbcrg \\"j\\" \\\\"`));
});
