import { costOf, type Price, type Usage } from '../../domain/budget.ts';

/** What a model costs; some cost less while the whole prompt is short. */
export type ModelPrice = {
  readonly price: Price;
  readonly shortPrompt?: { readonly upToTokens: number; readonly price: Price };
};

export type PriceList = {
  /** Undefined when nobody knows what the model costs. */
  of(model: string): ModelPrice | undefined;
};

/** USD for a million tokens; what is kept in the cache costs what it usually does beside the input. */
function perMillion(input: number, output: number, cacheRead = input / 10): Price {
  return { input, output, cacheWrite: input * 1.25, longCacheWrite: input * 2, cacheRead };
}

const free: Price = { input: 0, output: 0, cacheWrite: 0, longCacheWrite: 0, cacheRead: 0 };

const longSonnet: ModelPrice = {
  price: perMillion(6, 22.5),
  shortPrompt: { upToTokens: 200_000, price: perMillion(3, 15) },
};

/**
 * The public prices of 2026-10-24 by the beginning of a model's id, and by alias. Where versions of one family differ and
 * the version is not listed, the higher price stands for all of them; an unknown family has no price.
 */
const known: Readonly<Record<string, ModelPrice>> = {
  'claude-fable-5': { price: perMillion(10, 50) },
  'claude-mythos-5': { price: perMillion(10, 50) },
  'claude-opus-5-5': { price: perMillion(4, 20, 0.2) },
  'claude-opus-5': { price: perMillion(5, 25) },
  'claude-opus-4-8': { price: perMillion(5, 25) },
  'claude-opus-4-7': { price: perMillion(5, 25) },
  'claude-opus-4-6': { price: perMillion(5, 25) },
  'claude-opus-4-5': { price: perMillion(5, 25) },
  'claude-opus-4': { price: perMillion(15, 75) },
  'claude-sonnet-5-5': { price: perMillion(2, 10, 0.1) },
  'claude-sonnet-5': { price: perMillion(2, 10) },
  'claude-sonnet-4-6': { price: perMillion(3, 15) },
  'claude-sonnet-4': longSonnet,
  'claude-haiku-5-5': {
    price: perMillion(0.5, 2.5),
    shortPrompt: { upToTokens: 100_000, price: perMillion(0.1, 0.5) },
  },
  'claude-haiku-4-5': { price: perMillion(1, 5) },
  'claude-3-7-sonnet': { price: perMillion(3, 15) },
  'claude-3-5-sonnet': { price: perMillion(3, 15) },
  'claude-3-5-haiku': { price: perMillion(1, 5) },
  'claude-3-opus': { price: perMillion(15, 75) },
  'claude-3-sonnet': { price: perMillion(3, 15) },
  'claude-3-haiku': { price: perMillion(0.25, 1.25, 0.03) },
  fable: { price: perMillion(10, 50) },
  opus: { price: perMillion(5, 25) },
  sonnet: { price: perMillion(3, 15) },
  haiku: { price: perMillion(1, 5) },
};

/** The known prices, and before them the configured ones: that of the whole id first, then that of its longest beginning. */
export function priceList(configured: Readonly<Record<string, Price>>, isFree: boolean): PriceList {
  if (isFree) return { of: () => ({ price: free }) };
  const own = Object.fromEntries(Object.entries(configured).map(([model, price]) => [model, { price }]));
  return {
    of(model) {
      return own[model] ?? longestBeginning(own, model) ?? longestBeginning(known, familyOf(model));
    },
  };
}

/** The price when the prompt has at most so many tokens. */
export function priceUpTo({ price, shortPrompt }: ModelPrice, promptTokens: number): Price {
  return shortPrompt !== undefined && promptTokens <= shortPrompt.upToTokens ? shortPrompt.price : price;
}

/** What a request cost, in USD. */
export function billOf(usage: Usage, price: ModelPrice): number {
  const { input, cacheWrite, longCacheWrite, cacheRead } = usage;
  return costOf(usage, priceUpTo(price, input + cacheWrite + longCacheWrite + cacheRead));
}

/** An id as the model's maker writes it: clouds put a region and the maker before it. */
function familyOf(model: string): string {
  return model.toLowerCase().replace(/^(?:[a-z]+\.)?anthropic[./]/, '');
}

function longestBeginning(prices: Readonly<Record<string, ModelPrice>>, model: string): ModelPrice | undefined {
  const beginnings = Object.keys(prices).filter((beginning) => begins(model, beginning));
  const longest = beginnings.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : prices[longest];
}

/** `claude-opus-4-1` begins `claude-opus-4-1-20250805` but not `claude-opus-4-10`. */
function begins(model: string, beginning: string): boolean {
  return model === beginning || (model.startsWith(beginning) && /^[^a-z0-9]/i.test(model.slice(beginning.length)));
}
