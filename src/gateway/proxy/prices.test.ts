import { expect, test } from 'vitest';
import { noUsage, type Price } from '../../domain/budget.ts';
import { billOf, priceList, priceUpTo } from './prices.ts';

const own: Price = { input: 7, output: 8, cacheWrite: 9, longCacheWrite: 10, cacheRead: 1 };
const usual = priceList({}, false);

test.each([
  ['claude-sonnet-5-5', 2, 10],
  ['claude-sonnet-5-5-20261001', 2, 10],
  ['claude-opus-4-5-20251101', 5, 25],
  ['claude-opus-4-1-20250805', 15, 75],
  ['claude-opus-4-20250514', 15, 75],
  ['us.anthropic.claude-opus-5-v1:0', 5, 25],
  ['anthropic/claude-3-5-haiku', 1, 5],
  ['sonnet', 3, 15],
])('%s costs what its family costs', (model, input, output) => {
  expect(usual.of(model)?.price).toMatchObject({ input, output });
});

test('what is kept in the cache is dearer, and what is read from it cheaper', () => {
  expect(usual.of('claude-opus-5')?.price).toEqual({
    input: 5,
    output: 25,
    cacheWrite: 6.25,
    longCacheWrite: 10,
    cacheRead: 0.5,
  });
});

test('a version that is not listed does not get the price of one whose number only begins the same', () => {
  expect(usual.of('claude-opus-4-50')?.price.input).toBe(15);
});

test.each(['gpt-5', 'claude-opus-9', 'claude', 'opusculum', ''])('the price of %j is not known', (model) => {
  expect(usual.of(model)).toBeUndefined();
});

test('a configured price wins: of the whole id, else of its longest beginning', () => {
  const list = priceList({ 'claude-opus-5': own, claude: { ...own, input: 1 }, 'qwen3:8b': own }, false);
  expect(list.of('claude-opus-5')?.price).toBe(own);
  expect(list.of('claude-opus-5-1')?.price).toBe(own);
  expect(list.of('claude-sonnet-5-5')?.price.input).toBe(1);
  expect(list.of('qwen3:8b')?.price).toBe(own);
  expect(list.of('qwen3')).toBeUndefined();
});

test('a rehearsed model costs nothing, whatever it is called', () => {
  expect(billOf({ ...noUsage, input: 1e6, output: 1e6 }, priceList({}, true).of('anything') ?? { price: own })).toBe(0);
});

test('a short prompt costs less where the model has two prices', () => {
  const haiku = usual.of('claude-haiku-5-5') ?? { price: own };
  expect(priceUpTo(haiku, 100_000).input).toBe(0.1);
  expect(priceUpTo(haiku, 100_001).input).toBe(0.5);
  expect(billOf({ ...noUsage, input: 50_000, cacheRead: 50_000 }, haiku)).toBeCloseTo(0.0055, 9);
  expect(billOf({ ...noUsage, input: 50_000, cacheRead: 50_001 }, haiku)).toBeGreaterThan(0.027);
});
