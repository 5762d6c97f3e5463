/** Live video without encoding: fragmented MP4 as one answer, and HLS. By WebSocket see upgrade-movie.ts. */
import type { Response } from 'express';
import { z } from 'zod';
import { route } from '#doors/http/route.ts';
import { watchOver } from '#doors/http/watch-over.ts';
import { PLAYLIST_TYPE } from '#doors/live/hls.ts';
import { writePlaylist } from '#doors/live/hls-playlist.ts';
import { MOVIE_TYPE, sendMovie } from '#doors/live/movie-response.ts';
import { sourceIdSchema } from '#model/source.ts';

const params = z.strictObject({ id: sourceIdSchema });
const token = z.string().max(2000).optional().describe('From a signed link, see POST /api/tokens');
const count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export default [
  route({
    method: 'get',
    path: '/api/stream/:id/fmp4',
    role: 'viewer',
    summary: 'Live video as fragmented MP4, without encoding; by WebSocket on the same path',
    media: 'fmp4',
    params,
    query: z.object({ token }),
    answers: { 200: MOVIE_TYPE },
    async handle(call) {
      const { door, identity, params, query, request, response, signal } = call;
      const { id } = door.sight.pictures(identity, params.id);
      if (request.method === 'HEAD') {
        response.type(MOVIE_TYPE).end();
        return;
      }
      const movie = await door.movies.hold(id, signal);
      if (response.destroyed) return movie[Symbol.dispose]();
      const seat = door.watching.listen(id, () => undefined, { isViewer: true });
      response.once('close', () => seat[Symbol.dispose]());
      sendMovie(response, movie, door.clock);
      watchOver(call, 'fmp4', id, query.token);
    },
  }),
  route({
    method: 'get',
    path: '/api/stream/:id/hls/index.m3u8',
    role: 'viewer',
    summary: 'Live video as HLS: the playlist',
    media: 'hls',
    params,
    query: z.object({ token }),
    answers: { 200: PLAYLIST_TYPE },
    async handle({ door, identity, params, query, response, signal }) {
      const { id } = door.sight.pictures(identity, params.id);
      const playlist = await door.hls.shelf(id).playlist(signal);
      const words = query.token === undefined ? '' : `token=${encodeURIComponent(query.token)}`;
      sendPart(response, PLAYLIST_TYPE, writePlaylist(playlist, words), query.token);
    },
  }),
  route({
    method: 'get',
    path: '/api/stream/:id/hls/init.mp4',
    role: 'viewer',
    summary: 'Live video as HLS: the beginning of every segment',
    media: 'hls',
    params,
    query: z.object({ token, movie: count.default(0).describe('As the playlist says it') }),
    answers: { 200: MOVIE_TYPE },
    handle({ door, identity, params, query, response }) {
      const { id } = door.sight.pictures(identity, params.id);
      sendPart(response, MOVIE_TYPE, door.hls.standing(id).init(query.movie), query.token);
    },
  }),
  route({
    method: 'get',
    path: '/api/stream/:id/hls/:number.m4s',
    role: 'viewer',
    summary: 'Live video as HLS: a segment of the playlist',
    media: 'hls',
    params: params.extend({ number: count }),
    query: z.object({ token }),
    answers: { 200: 'video/iso.segment' },
    handle({ door, identity, params, query, response }) {
      const { id } = door.sight.pictures(identity, params.id);
      sendPart(response, 'video/iso.segment', door.hls.standing(id).segment(params.number), query.token);
    },
  }),
];

/** Receivers for casting read from pages of their own; what a link opens carries no login that they could borrow. */
function sendPart(
  response: Response,
  type: string,
  body: Buffer | string,
  linkToken: string | undefined,
): void {
  if (linkToken !== undefined) response.set('Access-Control-Allow-Origin', '*');
  response.set('Cache-Control', 'private, no-store').type(type).send(body);
}
