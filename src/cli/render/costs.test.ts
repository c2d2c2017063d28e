import { expect, test } from 'vitest';
import type { CostLine } from '../../domain/budget.ts';
import { noUsage } from '../../domain/budget.ts';
import { costLines } from './costs.ts';

const developer: CostLine = {
  key: 'developer',
  requests: 42,
  tokens: { input: 1_234_567, output: 120_400, cacheRead: 8_000_000, cacheWrite: 300_000, longCacheWrite: 100_000 },
  usd: 3.214,
  estimated: 0,
  meanLatencyMs: 2_000,
};
const reviewer: CostLine = {
  key: 'quality-assurance',
  requests: 2,
  tokens: { ...noUsage, input: 950 },
  usd: 0.0042,
  estimated: 1,
  meanLatencyMs: null,
};

test('costs are a table with a total, in which estimates are marked and explained', () => {
  expect(costLines([developer, reviewer], 'agent')).toEqual([
    'agent              requests  input  output  cache read  cache write       USD  latency',
    'developer                42   1.2M    120k          8M         400k     $3.21    2.0 s',
    'quality-assurance         2    950       0           0            0  ~$0.0042        -',
    '──────────────────────────────────────────────────────────────────────────────────────',
    'total                    44   1.2M    120k          8M         400k    ~$3.22    2.0 s',
    '',
    'Tokens as the model API counts them, none twice. Latency: mean time to the first byte of an answer.',
    '~ holds 1 request cut off before the count was told: booked at an estimate.',
  ]);
});

test('without estimates nothing is said of them, and days are those of UTC', () => {
  const lines = costLines([{ ...developer, key: '2026-11-22' }], 'day');
  expect(lines[0]).toMatch(/^day \(UTC\) /);
  expect(lines.join('\n')).not.toContain('~');
});

test('when nothing was booked, that is said', () => expect(costLines([], 'task')).toEqual(['Nothing was booked.']));
