/** Sources before they are stored: the kinds, a try, import and export. */
import { z } from 'zod';
import { isoTime } from '#base/clock.ts';
import { importSources } from '#doors/http/import-sources.ts';
import type { Inside } from '#doors/http/inside.ts';
import { listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { shownSource } from '#doors/http/shown-source.ts';
import { readDraft, sourceBodySchema } from '#doors/http/source-input.ts';
import type { Frame } from '#model/frame.ts';
import { groupSchema, sourceSchema } from '#model/source.ts';
import { attemptSchema } from '#model/state.ts';

const PREVIEW = { width: 1280, quality: 80 };

const kindSchema = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    family: z.enum(['camera', 'website']),
    hasVideo: z.boolean().describe('It gives a coded stream, which is handed on without decoding'),
    schedule: z.string().describe('The schedule of a source of this kind when none is given'),
    options: z.record(z.string(), z.unknown()).describe('JSON Schema of the options'),
  })
  .meta({ id: 'KindInfo' });

const pictureSchema = z.strictObject({
  dataUrl: z.string().describe('The picture, at most 1280 pixels wide, as a data: URL'),
  type: z.string().describe('As the source sent it'),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
});

const tryOutSchema = z
  .strictObject({
    picture: pictureSchema.nullable(),
    attempts: z.array(attemptSchema),
    tookMs: z.number(),
    failure: z.strictObject({ code: z.string(), sentence: z.string() }).nullable(),
    lines: z.array(z.string()).describe('What its programs printed'),
    name: z
      .string()
      .nullable()
      .describe('What the source calls itself: the title of a page, the model of a camera'),
  })
  .meta({ id: 'TryOut' });

const importedSchema = z
  .strictObject({
    created: z.array(sourceSchema).describe('In a dry run: what would be created'),
    failed: z.array(
      z.strictObject({
        index: z.number(),
        name: z.string(),
        code: z.string(),
        sentence: z.string(),
        errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
      }),
    ),
    notices: z.array(z.strictObject({ index: z.number(), name: z.string(), sentence: z.string() })),
  })
  .meta({ id: 'Imported' });

export default [
  route({
    method: 'get',
    path: '/api/sources/kinds',
    role: 'viewer',
    summary: 'The kinds of sources, with the JSON Schema of their options',
    answers: { 200: listOf(kindSchema) },
    handle: ({ door }) => whole(door.kinds.list()),
  }),
  route({
    method: 'post',
    path: '/api/sources/test',
    role: 'admin',
    summary: 'Try a source without storing it: a picture, or why there is none',
    rate: 'heavy',
    body: sourceBodySchema,
    answers: { 200: tryOutSchema },
    async handle({ door, body, signal }) {
      const { id, ...given } = body;
      const before = id === undefined ? undefined : door.sources.get(String(id));
      const draft = readDraft({ name: before?.name ?? 'Try', ...given });
      const found = await door.watching.tryOut(door.sources.check(draft, before), signal);
      const { attempts, tookMs, failure, lines = [], name = null } = found;
      return {
        picture: found.picture && (await preview(door, found.picture)),
        attempts,
        tookMs,
        failure,
        lines,
        name,
      };
    },
  }),
  route({
    method: 'post',
    path: '/api/sources/import',
    role: 'admin',
    summary: 'Create sources from an export of ours or from templates of the earlier Glimpser',
    rate: 'heavy',
    body: z
      .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
      .describe('A list, {sources, isDryRun}, or templates by name'),
    answers: { 200: importedSchema },
    async handle({ door, identity, body }) {
      const { created, failed, notices } = await importSources(door, body);
      await door.record(
        identity,
        'import-sources',
        'hub',
        `${created.length} created, ${failed.length} failed`,
      );
      return { created: created.map(source => shownSource(door.kinds, identity, source)), failed, notices };
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/export',
    role: 'admin',
    summary: 'All sources and groups, secrets masked',
    answers: {
      200: z.strictObject({
        glimpser: z.string(),
        exportedAt: z.string(),
        groups: z.array(groupSchema),
        sources: z.array(sourceSchema),
      }),
    },
    handle({ door, identity, response }) {
      response.attachment('glimpser-sources.json');
      return {
        glimpser: door.version,
        exportedAt: isoTime(door.clock.now()),
        groups: door.groups.list(),
        sources: door.sources.list().map(source => shownSource(door.kinds, identity, source)),
      };
    },
  }),
];

async function preview({ pictures }: Inside, frame: Frame): Promise<z.input<typeof pictureSchema>> {
  const { image } = await pictures.still(frame, PREVIEW);
  const { type, width, height } = frame;
  const dataUrl = `data:image/jpeg;base64,${image.toString('base64')}`;
  return { dataUrl, type, width, height, bytes: frame.image.length };
}
