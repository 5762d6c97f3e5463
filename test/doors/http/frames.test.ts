import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSTED_MAX_BYTES } from '#server/model/posting.ts';
import { ask } from '#test/fakes/ask.ts';
import { ADMIN, openWorld } from '#test/fakes/http-services.ts';
import { jpeg, png } from '#test/fakes/pictures.ts';

test('a picture is taken as the body of a request, whatever type the sender names', async t => {
  const { world, url } = await openWorld(t);
  await world.addSource('mail1234');
  const address = `${url}/api/sources/mail1234/frames`;
  const { image } = await jpeg('teal');
  for (const type of ['image/jpeg', 'application/octet-stream', 'application/x-www-form-urlencoded']) {
    const answer = await ask(address, {
      method: 'POST',
      headers: { ...ADMIN, 'content-type': type },
      body: image,
    });
    assert.equal(answer.status, 202, answer.text);
    assert.deepEqual(answer.json, { type: 'image/jpeg', width: 64, height: 36, bytes: image.length });
  }
  const { image: sent } = await png('teal');
  const untyped = { method: 'POST', headers: { ...ADMIN, 'content-type': '' }, body: sent };
  assert.equal((await ask(address, untyped)).json.type, 'image/png');
  assert.equal(world.posted.length, 4);
  assert.deepEqual(world.posted[0], { sourceId: 'mail1234', image });
});

test('what is no picture, too large, empty, for nobody or from nobody is refused', async t => {
  const { world, url } = await openWorld(t);
  await world.addSource('mail1234');
  const send = (body: Buffer | undefined, headers: Record<string, string> = ADMIN, id = 'mail1234') =>
    ask(`${url}/api/sources/${id}/frames`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg', ...headers },
      body,
    });
  const { image } = await jpeg('teal');
  const told = await send(Buffer.from('{"hello":1}'));
  assert.deepEqual([told.status, told.json.code], [422, 'picture-invalid']);
  assert.equal((await send(undefined)).json.code, 'picture-invalid');
  assert.equal((await send(image, ADMIN, 'nobody12')).status, 404);
  assert.equal((await send(image, {})).status, 401);
  const large = await send(Buffer.alloc(POSTED_MAX_BYTES + 1));
  assert.deepEqual([large.status, large.json.detail], [413, 'The body may have 20 MB. Send less.']);
  assert.equal(world.posted.length, 0);
});

test('the reference describes the body as a picture', async t => {
  const { url } = await openWorld(t);
  const { json } = await ask(`${url}/api/openapi.json`, { headers: ADMIN });
  const { requestBody } = json.paths['/api/sources/{id}/frames'].post;
  assert.deepEqual(Object.keys(requestBody.content), ['image/jpeg', 'image/png', 'image/webp']);
});
