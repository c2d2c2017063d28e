import * as z from 'zod';
import type { Price } from '../../domain/budget.ts';

/** What the gateway reads of a request; the rest goes through unread. */
const bodySchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(z.unknown()),
  max_tokens: z.int().min(1).optional(),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ type: z.string().optional() })).optional(),
});

export type ModelRequest = {
  readonly model: string;
  readonly isStream: boolean;
  readonly outputTokens: number;
  /** What is kept in the cache costs more than plain input. */
  readonly cache: 'none' | 'short' | 'long';
  readonly body: Readonly<Record<string, unknown>>;
};

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: ModelRequest }
  /** Nothing can be said of its cost beforehand, or it is no request at all. */
  | { readonly kind: 'refused'; readonly message: string };

/** Less is not worth a request. */
export const leastOutputTokens = 1_024;
const leastThinkingTokens = 1_024;
const usualOutputTokens = 32_000;

/** Tools that the client carries out; any other kind runs at the model API and makes input that we do not see. */
const clientTool = /^(custom$|bash_|text_editor_|computer_|memory_)/;
/** Parts of a request that make it dearer than the price of its model, by an amount that is not known here. */
const dearerFields = ['mcp_servers', 'container', 'fallbacks'];

/** Reads the body of a request to `/v1/messages`. */
export function readModelRequest(bytes: Buffer): ReadRequest {
  const parsed = bodySchema.safeParse(jsonOf(bytes));
  if (!parsed.success) return { kind: 'refused', message: 'the request is not one of the Messages API' };
  const { model, stream = false, max_tokens: outputTokens = usualOutputTokens, tools = [] } = parsed.data;
  const unbounded =
    tools.find(({ type }) => type !== undefined && !clientTool.test(type))?.type ??
    dearerFields.find((field) => parsed.data[field] !== undefined) ??
    (parsed.data['speed'] === 'fast' ? 'speed' : undefined);
  if (unbounded !== undefined) {
    return { kind: 'refused', message: `no budget can be kept for requests with ${unbounded}` };
  }
  const cache = cacheOf(bytes.toString('utf8'));
  return { kind: 'request', request: { model, isStream: stream, outputTokens, cache, body: parsed.data } };
}

/** The body with so much output at most; the very bytes that came when nothing has to change. */
export function withOutputTokens({ body }: ModelRequest, outputTokens: number, bytes: Buffer): Buffer {
  if (body['max_tokens'] === outputTokens) return bytes;
  const { thinking, ...rest } = body;
  const lowered = thinkingWithin(thinking, outputTokens);
  return Buffer.from(
    JSON.stringify({ ...rest, max_tokens: outputTokens, ...(lowered === undefined ? {} : { thinking: lowered }) }),
  );
}

/** The dearest that an input token of the request can be, in USD for a million. */
export function dearestInput({ cache }: ModelRequest, { input, cacheWrite, longCacheWrite, cacheRead }: Price): number {
  if (cache === 'none') return input;
  return Math.max(input, cacheRead, cacheWrite, cache === 'long' ? longCacheWrite : 0);
}

/** Thinking must end before the answer does; undefined when there is no room for it. */
function thinkingWithin(thinking: unknown, outputTokens: number): unknown {
  if (typeof thinking !== 'object' || thinking === null || !('budget_tokens' in thinking)) return thinking;
  if (typeof thinking.budget_tokens !== 'number' || thinking.budget_tokens < outputTokens) return thinking;
  const room = outputTokens - leastOutputTokens;
  return room < leastThinkingTokens ? undefined : { ...thinking, budget_tokens: room };
}

function cacheOf(text: string): ModelRequest['cache'] {
  if (!text.includes('"cache_control"')) return 'none';
  return /"ttl"\s*:\s*"1h"/.test(text) ? 'long' : 'short';
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined; // The schema refuses it.
  }
}
