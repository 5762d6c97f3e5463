/** The server's side of Basic and Digest agrees with the client's, and with the examples of the standards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengeLines, isDigestRight, readAuthorization } from '#server/base/http-authorization.ts';
import { answerChallenge, readChallenges } from '#server/base/http-challenge.ts';

const LOGIN = { username: 'Zoë "Z" Ng', password: 'a:b ü' };
const REQUEST = { method: 'SETUP', path: 'rtsp://h/yard/trackID=0', count: 1, clientNonce: 'c1' };

test('what our client answers is right here, and wrong for another password, method, nonce or realm', () => {
  for (const line of challengeLines('Glimpser', 'n1', false).slice(0, 2)) {
    const [challenge] = readChallenges(line);
    assert.ok(challenge);
    // As the network brings it: bytes that are read as UTF-8.
    const header = Buffer.from(answerChallenge(challenge, LOGIN, REQUEST), 'latin1').toString('utf8');
    const answer = readAuthorization(header);
    assert.ok(answer?.scheme === 'digest');
    assert.equal(answer.username, LOGIN.username);
    const expected = { realm: 'Glimpser', nonce: 'n1', method: 'SETUP', password: LOGIN.password };
    assert.equal(isDigestRight(answer.fields, expected), true);
    const wrong = [{ password: 'x' }, { method: 'PLAY' }, { nonce: 'n2' }, { realm: 'Other' }];
    for (const one of wrong) assert.equal(isDigestRight(answer.fields, { ...expected, ...one }), false);
    assert.equal(isDigestRight({ ...answer.fields, uri: 'rtsp://h/door' }, expected), false);
    assert.equal(isDigestRight({ ...answer.fields, algorithm: 'SHA-512' }, expected), false);
  }
});

test('the example of RFC 7616, with qop, for MD5 and SHA-256', () => {
  const fields = {
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    nc: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    qop: 'auth',
  };
  const { realm, nonce } = fields;
  const expected = { realm, nonce, method: 'GET', password: 'Circle of Life' };
  const sha = '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1';
  const md5 = '8ca523f5e9506fed4657c9700eebdbec';
  assert.equal(isDigestRight({ ...fields, algorithm: 'SHA-256', response: sha }, expected), true);
  assert.equal(isDigestRight({ ...fields, response: md5 }, expected), true);
  assert.equal(isDigestRight({ ...fields, algorithm: 'SHA-256', response: md5 }, expected), false);
});

test('Basic is read with colons and UTF-8; garbage is no login', () => {
  const header = `basic ${Buffer.from('zoë:a:b').toString('base64')}`;
  assert.deepEqual(readAuthorization(header), {
    scheme: 'basic',
    login: { username: 'zoë', password: 'a:b' },
  });
  for (const garbage of ['', 'Basic', 'Bearer x', 'Basic %%%', 'Digestive']) {
    assert.equal(readAuthorization(garbage), undefined, garbage);
  }
});
