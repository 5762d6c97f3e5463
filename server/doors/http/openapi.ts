/** The reference of the API: an OpenAPI document made from the same schemas that check every request. */
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiContentObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { sourceDraftSchema } from '#model/source.ts';
import { problemSchema } from './problem.ts';
import type { RawBody, Route } from './route.ts';

const TITLES: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Begun',
  204: 'Done; no body',
};

/** The OpenAPI 3.1 document of these routes. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Glimpser',
      version,
      description:
        'The API of this hub. Errors are problem documents (RFC 9457); instants are ISO 8601 in UTC; unknown keys are refused by name.',
    },
    servers: [{ url: '..', description: 'This hub' }],
    paths: paths as ZodOpenApiPathsObject,
    components: {
      schemas: { SourceDraft: sourceDraftSchema, Problem: problemSchema },
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'glimpser_session' },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of POST /api/auth/login, or an API key',
        },
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        basic: { type: 'http', scheme: 'basic', description: 'Picture addresses only' },
        link: {
          type: 'apiKey',
          in: 'query',
          name: 'token',
          description: 'A signed link; picture addresses only',
        },
      },
    },
  });
}

function describe(route: Route): ZodOpenApiOperationObject {
  const [status = '200', answer] = Object.entries(route.answers)[0] ?? [];
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: route.role === 'none' ? 'For everybody.' : `Least role: ${route.role}.`,
    tags: [tagOf(route.path)],
    security: securityOf(route),
    ...(route.params || route.query
      ? {
          requestParams: {
            ...(route.params ? { path: route.params } : {}),
            ...(route.query ? { query: route.query } : {}),
          },
        }
      : {}),
    ...(route.body
      ? {
          requestBody: {
            required: !route.isBodyOptional,
            content: bodyOf(route.body, route.raw),
          },
        }
      : {}),
    responses: {
      [status as '200']: { description: TITLES[status] ?? 'Done', ...contentOf(answer) },
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  };
}

function bodyOf(schema: z.ZodType, raw: RawBody | undefined): ZodOpenApiContentObject {
  if (!raw) return { 'application/json': { schema } };
  return Object.fromEntries(raw.types.map(type => [type, {}]));
}

function contentOf(answer: z.ZodType | string | null | undefined): object {
  if (answer instanceof z.ZodType) return { content: { 'application/json': { schema: answer } } };
  const type = typeof answer === 'string' ? answer.split(';')[0] : undefined;
  return type ? { content: { [type]: {} } } : {};
}

function securityOf({ role, media }: Route): Array<Record<string, string[]>> {
  if (role === 'none') return [];
  const usual = [{ cookie: [] }, { bearer: [] }, { key: [] }];
  return media ? [...usual, { basic: [] }, { link: [] }] : usual;
}

/** `get /api/sources/{id}/state` is getApiSourcesIdState. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter(word => word !== '');
  return method + words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function tagOf(path: string): string {
  const [first = '', second = 'hub'] = path.split('/').filter(word => word !== '');
  return first === 'api' ? second : 'hub';
}
