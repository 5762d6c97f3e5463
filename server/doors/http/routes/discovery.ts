/** Finding cameras in the local network; nothing is sent before an admin asks. */

import { z } from 'zod';
import { idParams, listOf, whole } from '#doors/http/lists.ts';
import { route } from '#doors/http/route.ts';
import { shownSource } from '#doors/http/shown-source.ts';
import {
  addFoundSchema,
  foundSchema,
  scanRequestSchema,
  scanSchema,
  subnetSchema,
  videoDeviceSchema,
} from '#model/discovery.ts';
import { sourceSchema } from '#model/source.ts';

export default [
  route({
    method: 'post',
    path: '/api/discovery/scan',
    role: 'admin',
    summary: 'Look for cameras in the local network',
    rate: 'heavy',
    body: scanRequestSchema,
    isBodyOptional: true,
    answers: { 202: scanSchema },
    async handle(call) {
      const { door, identity } = call;
      const scan = await door.discovery.scan(call.body ?? {});
      await door.record(
        identity,
        'scan-network',
        'hub',
        `${scan.subnets.join(', ')}: ${scan.methods.join(', ')}`,
      );
      return scan;
    },
  }),
  route({
    method: 'get',
    path: '/api/discovery/scans',
    role: 'admin',
    summary: 'The last scans, newest first',
    answers: { 200: listOf(scanSchema) },
    handle: ({ door }) => whole(door.discovery.scans()),
  }),
  route({
    method: 'get',
    path: '/api/discovery/scans/:id',
    role: 'admin',
    summary: 'How far a scan is',
    params: idParams,
    answers: { 200: scanSchema },
    handle: ({ door, params }) => door.discovery.scanOf(params.id),
  }),
  route({
    method: 'delete',
    path: '/api/discovery/scans/:id',
    role: 'admin',
    summary: 'End a scan early; what was found stays',
    params: idParams,
    answers: { 200: scanSchema },
    async handle({ door, identity, params }) {
      const scan = await door.discovery.cancel(params.id);
      await door.record(identity, 'cancel-scan', 'hub', scan.subnets.join(', '));
      return scan;
    },
  }),
  route({
    method: 'get',
    path: '/api/discovery/found',
    role: 'admin',
    summary: 'What was found since the start, newest first',
    answers: { 200: listOf(foundSchema) },
    handle: ({ door }) => whole(door.discovery.found()),
  }),
  route({
    method: 'get',
    path: '/api/discovery/found/:id/picture',
    role: 'admin',
    summary: 'A small picture of something that was found',
    params: idParams,
    query: z.strictObject({
      at: z.string().max(40).optional().describe('Anything: a new address for a new picture'),
    }),
    answers: { 200: 'image/jpeg' },
    handle({ door, params, response }) {
      const { image, type } = door.discovery.picture(params.id);
      response.set('Cache-Control', 'private, no-cache').type(type).send(image);
    },
  }),
  route({
    method: 'post',
    path: '/api/discovery/found/:id/add',
    role: 'admin',
    summary: 'Create a source from something that was found',
    params: idParams,
    body: addFoundSchema,
    isBodyOptional: true,
    answers: { 201: sourceSchema },
    async handle(call) {
      const { door, identity, params } = call;
      const source = await door.sources.create(door.discovery.draftOf(params.id, call.body ?? {}));
      await door.record(identity, 'create-source', source.id, `${source.name}, found in the network`);
      return shownSource(door.kinds, identity, source);
    },
  }),
  route({
    method: 'get',
    path: '/api/discovery/subnets',
    role: 'admin',
    summary: 'The private networks of this machine, a /24 of each at most',
    answers: { 200: listOf(subnetSchema) },
    handle: ({ door }) => whole(door.discovery.subnets()),
  }),
  route({
    method: 'get',
    path: '/api/discovery/devices',
    role: 'admin',
    summary: 'Cameras that are plugged into this machine',
    answers: { 200: listOf(videoDeviceSchema) },
    async handle({ door }) {
      return whole(await door.discovery.devices());
    },
  }),
];
