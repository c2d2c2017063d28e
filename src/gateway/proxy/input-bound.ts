import { createHash } from 'node:crypto';

/** The parts of a request whose tokens are counted: the system text, the tools, and each message. */
export type RequestParts = {
  /** What decides how a part is counted: requests that differ in it say nothing about one another. */
  readonly kind: string;
  readonly parts: readonly Part[];
};

type Part = { readonly hash: string; readonly mostTokens: number };

type CountedRequest = { readonly parts: ReadonlyMap<string, number>; readonly tokens: number };

/** What the model API adds of its own: the instructions for tools, and the frame of the conversation. */
const addedTokens = 1_000;
/** A picture can be smaller than its tokens; this is above what the largest one counts. */
const pictureTokens = 6_000;
/** A document can hold so many pages that its bytes say little. */
const documentTokens = 500_000;
const requestsRemembered = 8;
const longestMark = 100;

/** Takes a request apart. Marks for the cache are not part of a part: they move from request to request. */
export function partsOf(body: Readonly<Record<string, unknown>>): RequestParts {
  const { model, messages, system, tools, ...rest } = body;
  const all = [system, tools, rest, ...(Array.isArray(messages) ? messages : [messages])];
  const kind = JSON.stringify([model, body['context_management'], body['thinking']]);
  return { kind, parts: all.filter((part) => part !== undefined).map(partOf) };
}

/**
 * What was learned of one conversation from the counts of the model API. Knows a bound for the input of a request: a token
 * has at least one byte, so the bytes of its text are one; and what was in an earlier request has at most as many tokens
 * as that whole request had.
 */
export class InputBound {
  readonly #counted = new Map<string, CountedRequest[]>();

  /** At least as many tokens as the model API will count. */
  mostTokens({ kind, parts }: RequestParts): number {
    const byBytes = sumOf(parts);
    const learned = (this.#counted.get(kind) ?? []).map((earlier) => earlier.tokens + sumOf(notIn(earlier, parts)));
    return addedTokens + Math.min(byBytes, ...learned);
  }

  /** Takes note of the input that the model API counted for a request. */
  learn({ kind, parts }: RequestParts, tokens: number): void {
    // Models that count nothing say zero; and what was cleared before it was counted would be missing here.
    if (tokens <= 0 || kind.includes('"clear_tool_uses') || kind.includes('"compact')) return;
    const counts = new Map<string, number>();
    for (const { hash } of parts) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    const earlier = this.#counted.get(kind) ?? [];
    this.#counted.set(kind, [{ parts: counts, tokens }, ...earlier].slice(0, requestsRemembered));
  }
}

/** What to expect when nobody counted: text has about four bytes for a token. */
export function expectedTokens(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4));
}

function partOf(part: unknown): Part {
  const text = JSON.stringify(part, (key, value: unknown) =>
    key === 'cache_control' && isMark(value) ? undefined : value,
  );
  return {
    hash: createHash('sha256').update(text).digest('base64'),
    mostTokens: Buffer.byteLength(JSON.stringify(part)) + mediaTokens(part),
  };
}

function isMark(value: unknown): boolean {
  return JSON.stringify(value).length <= longestMark;
}

/** Parts that the earlier request did not have, or not as often. */
function notIn(earlier: CountedRequest, parts: readonly Part[]): Part[] {
  const left = new Map(earlier.parts);
  return parts.filter(({ hash }) => {
    const count = left.get(hash) ?? 0;
    left.set(hash, count - 1);
    return count <= 0;
  });
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { mostTokens }) => sum + mostTokens, 0);
}

function mediaTokens(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + mediaTokens(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce<number>((sum, one) => sum + mediaTokens(one), 0);
  const type = 'type' in value ? value.type : undefined;
  if (type === 'image') return inside + pictureTokens;
  return type === 'document' ? inside + documentTokens : inside;
}
