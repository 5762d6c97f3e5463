/** Requests to the hub: JSON in and out, every failure a Problem with a sentence to show. */
import { addressOf } from './address.ts';

/** One wrong field. */
export interface FieldProblem {
  path: string;
  message: string;
}

/** Why the hub did not do what was asked; `code` is `away` when it could not be reached. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly errors: FieldProblem[];

  constructor(code: string, status: number, sentence: string, errors: FieldProblem[] = []) {
    super(sentence);
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.errors = errors;
  }
}

/** A list as the hub answers it. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const lostLogin = new Set<() => void>();

/** Calls back when the hub says that nobody is logged in. */
export function onLostLogin(call: () => void): void {
  lostLogin.add(call);
}

/** Sends a request; resolves with the answer's JSON, or undefined when it has none. Throws a Problem. */
export async function request<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { Accept: 'application/json' } };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  }
  const response = await fetch(addressOf(path), init).catch((thrown: unknown) => {
    if (signal?.aborted) throw thrown;
    throw new Problem(
      'away',
      0,
      'The hub did not answer. Check that it runs and that you are on its network.',
    );
  });
  if (response.ok) return (await jsonOf(response)) as T;
  throw await problemOf(response);
}

/** The items of a list; its first page when it has several. */
export async function list<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  return (await request<Page<T>>('GET', path, undefined, signal)).items;
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await jsonOf(response).catch(() => undefined)) as
    | { code?: string; detail?: string; title?: string; errors?: FieldProblem[] }
    | undefined;
  const code = body?.code ?? `status-${response.status}`;
  if (code === 'login-needed') for (const call of lostLogin) call();
  const sentence = body?.detail ?? body?.title ?? `The hub answered with status ${response.status}.`;
  return new Problem(code, response.status, sentence, body?.errors ?? []);
}

/** What went wrong, for people. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
