/** The shape of a route: one object says who may call it, what goes in, what comes out; all else follows from it. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Identity, Role } from '#model/user.ts';
import type { Media } from './accounts/media-token.ts';
import type { Inside } from './inside.ts';

/** The least role; `none`: anybody. */
export type RouteRole = Role | 'none';

/** A method of HTTP that routes may have. HEAD is answered by GET. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One answer by its status: a schema for JSON, a media type for what the route sends itself, null for nothing. */
export type Answers = Readonly<Partial<Record<200 | 201 | 202 | 204, z.ZodType | string | null>>>;

/** What `handle` has to return for these answers; what a route sends itself is not looked at. */
export type Answered<A extends Answers> = A[keyof A] extends z.ZodType
  ? z.input<A[keyof A]> | Promise<z.input<A[keyof A]>>
  : unknown;

type Read<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A body of bytes. What they are is found out from them: senders rarely name the right type. */
export interface RawBody {
  maxBytes: number;
  /** For the reference. */
  types: readonly string[];
}

/** A request after all checks. */
export interface Call<P = unknown, Q = unknown, B = unknown, R extends RouteRole = Role> {
  params: P;
  query: Q;
  body: B;
  /** Who asks; a route for everybody may be asked by nobody in particular. */
  identity: R extends 'none' ? Identity | undefined : Identity;
  request: Request;
  response: Response;
  /** Fires when the client leaves before the answer is sent. */
  signal: AbortSignal;
  door: Inside;
}

/** A route. */
export interface RouteOptions<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  A extends Answers,
  R extends RouteRole,
> {
  method: Method;
  /** With parameters as `:id`. */
  path: string;
  role: R;
  /** One line for the reference. */
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** True: the body may be left out. */
  isBodyOptional?: boolean;
  /** The body is bytes, a Buffer to the schema, and no JSON. */
  raw?: RawBody;
  answers: A;
  /** A picture address: signed links and Basic logins open it, and other sites may show it. */
  media?: Media;
  /** `heavy`: costs much, so few at a time are taken; `free`: never counted. */
  rate?: 'heavy' | 'free';
  handle(call: Call<Read<P>, Read<Q>, Read<B>, R>): Answered<A>;
}

/** A route whose types are no longer needed. */
export interface Route {
  method: Method;
  path: string;
  role: RouteRole;
  summary: string;
  params?: z.ZodObject | undefined;
  query?: z.ZodObject | undefined;
  body?: z.ZodType | undefined;
  isBodyOptional?: boolean;
  raw?: RawBody;
  answers: Answers;
  media?: Media;
  rate?: 'heavy' | 'free';
  handle(call: Call<never, never, never, never>): unknown;
}

/**
 * Ties the types of a route together; adds nothing.
 * @example route({ method: 'get', path: '/api/info', role: 'viewer', summary: '…', answers: { 200: info }, handle })
 */
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  const A extends Answers = Answers,
  const R extends RouteRole = RouteRole,
>(options: RouteOptions<P, Q, B, A, R>): Route {
  return options as unknown as Route;
}
