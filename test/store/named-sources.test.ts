/** A source that names others is refused where it is saved, at its field, in words that say what to choose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus } from '#server/base/bus.ts';
import type { GlimpserError } from '#server/base/errors.ts';
import { loadKinds } from '#server/base/kinds.ts';
import { createKindCatalog } from '#server/model/kind-catalog.ts';
import type { Signals } from '#server/model/signals.ts';
import { sourceDraftSchema } from '#server/model/source.ts';
import type { SourceKind } from '#server/sources/kind.ts';
import { createSourceBook } from '#server/store/source-book.ts';
import { MemorySettings } from '#test/fakes/memory-settings.ts';
import { REPOSITORY } from '#test/house/repository.ts';

const kinds = createKindCatalog(await loadKinds<SourceKind>(`${REPOSITORY}/server/sources`));

function draftOf(name: string, kind: string, options: object) {
  return sourceDraftSchema.parse({ name, kind, options });
}

async function hall() {
  const book = createSourceBook(new MemorySettings(new Bus<Signals>(assert.fail)), kinds);
  const camera = (name: string) => book.create(draftOf(name, 'test', {}));
  const [door, yard, gate] = [await camera('Door'), await camera('Yard'), await camera('Gate')];
  const wallOf = (...ids: string[]) => draftOf('Hall', 'wall', { sources: ids });
  const wall = await book.create(wallOf(door.id, yard.id));
  const finding = async (work: Promise<unknown>) => {
    const thrown = (await work.then(
      () => assert.fail('it was saved'),
      error => error,
    )) as GlimpserError;
    assert.equal(thrown.code, 'body-invalid', thrown.message);
    return thrown.errors.map(({ path, message }) => `${path} ${message}`);
  };
  return { book, door, yard, gate, wall, wallOf, finding };
}

test('an id that nobody has', async () => {
  const { book, door, wallOf, finding } = await hall();
  assert.deepEqual(await finding(book.create(wallOf(door.id, 'nobody12'))), [
    'options.sources there is no source “nobody12”; choose one that is there',
  ]);
});

test('a wall on a wall, and a wall on itself', async () => {
  const { book, door, yard, wall, wallOf, finding } = await hall();
  assert.deepEqual(await finding(book.create(wallOf(door.id, wall.id))), [
    'options.sources “Hall” is a wall itself; choose the sources that hang on it',
  ]);
  assert.deepEqual(await finding(book.replace(wall.id, wallOf(door.id, wall.id))), [
    'options.sources cannot show itself; take it off the list',
  ]);
  const [first] = await finding(book.replace(yard.id, wallOf(door.id, wall.id)));
  assert.equal(first, 'kind hangs on “Hall”; a wall hangs on no wall');
});

test('a wall stays as it is when a source of it was removed, until another list is given', async () => {
  const { book, door, yard, gate, wall, wallOf, finding } = await hall();
  await book.remove(yard.id);
  await book.replace(wall.id, { ...wallOf(door.id, yard.id), name: 'Hall 2' });
  await book.replace(wall.id, wallOf(door.id, gate.id));
  assert.equal((await finding(book.replace(wall.id, wallOf(door.id, yard.id)))).length, 1);
});
