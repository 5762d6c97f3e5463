/** Several sources as one live picture: all that one may see, or those of a group. */
import { z } from 'zod';
import { GlimpserError } from '#base/errors.ts';
import type { Inside } from '#doors/http/inside.ts';
import { type Call, route } from '#doors/http/route.ts';
import { MJPEG_TYPE } from '#doors/live/mjpeg-part.ts';
import { WALL_EVERY_MS } from '#doors/live/wall-composer.ts';
import { groupIdSchema } from '#model/source.ts';
import { type Identity, maySee } from '#model/user.ts';

const FPS_MAX = 1000 / WALL_EVERY_MS;

const query = z.object({
  width: z.coerce.number().int().min(16).max(3840).optional().describe('Width in pixels, up to the next 320'),
  fps: z.coerce
    .number()
    .min(0.1)
    .max(60)
    .optional()
    .describe(`At most so many pictures a second; ${FPS_MAX} at best`),
});

export default [
  route({
    method: 'get',
    path: '/api/stream/wall/mjpeg',
    role: 'viewer',
    summary: 'All sources that one may see as one picture, as MJPEG',
    media: 'mjpeg',
    query,
    answers: { 200: MJPEG_TYPE },
    handle: call => show(call, undefined),
  }),
  route({
    method: 'get',
    path: '/api/stream/group/:group/mjpeg',
    role: 'viewer',
    summary: 'The sources of a group as one picture, as MJPEG',
    media: 'mjpeg',
    params: z.strictObject({ group: groupIdSchema }),
    query,
    answers: { 200: MJPEG_TYPE },
    handle(call) {
      const { group } = call.params;
      if (!seesGroup(call.door, call.identity, group)) {
        throw new GlimpserError('not-found', `There is no group “${group}”.`);
      }
      show(call, group);
    },
  }),
];

type WallCall = Pick<
  Call<unknown, z.output<typeof query>>,
  'door' | 'identity' | 'query' | 'request' | 'response'
>;

function show(call: WallCall, group: string | undefined): void {
  const { door, identity, query, request, response } = call;
  if (request.method === 'HEAD') {
    response.type(MJPEG_TYPE).end();
    return;
  }
  const key = keyOf(identity, group);
  const { width, fps } = query;
  door.walls.attach(response, { key, sources: () => door.sight.watchable(identity, group), width, fps });
  const watched = door.vigil.add({
    end: () => void response.destroy(),
    // With other rights it is another wall.
    async isAllowed() {
      const who = await door.identify(request, { what: 'mjpeg', sourceId: '', token: undefined });
      return who !== undefined && keyOf(who, group) === key;
    },
  });
  response.once('close', () => watched[Symbol.dispose]());
}

/** The same for all who may see the same sources, whatever sources there will be. */
function keyOf({ role, groups }: Identity, group: string | undefined): string {
  const sight = role === 'admin' ? 'all, hidden too' : (groups?.toSorted() ?? 'all');
  return JSON.stringify([group ?? null, sight]);
}

function seesGroup({ groups, sources }: Inside, who: Identity, group: string): boolean {
  const isThere =
    groups.list().some(({ id }) => id === group) ||
    sources.list().some(source => source.groups.includes(group));
  return isThere && maySee(who, [group]);
}
