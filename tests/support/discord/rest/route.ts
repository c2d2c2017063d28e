/** How one endpoint of the REST interface is described. Discord developer docs: "API Reference". */

import type { Interactions } from '../interactions.ts';
import type { UploadedFile } from '../message-body.ts';
import type { LimitKind } from '../rate-limits.ts';
import type { World } from '../world.ts';

export type Call = {
  readonly world: World;
  readonly interactions: Interactions;
  /** Parts of the path, by their names. */
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
};

export type Answer = { readonly status: number; readonly body?: unknown };

export type Route = {
  readonly method: string;
  /** `:name` stands for one part. */
  readonly path: string;
  readonly limit: LimitKind;
  /** `token`: the path holds what authorizes. */
  readonly auth: 'bot' | 'token';
  readonly run: (call: Call) => Answer;
};

type More = { readonly limit?: LimitKind; readonly auth?: 'bot' | 'token' };

export function route(
  method: string,
  path: string,
  run: Route['run'],
  { limit = 'others', auth = 'bot' }: More = {},
): Route {
  return { method, path, limit, auth, run };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const nothing: Answer = { status: 204 };
