import { expect, test } from 'vitest';
import type { MadeCall } from './calls.ts';
import { rowOfLimits } from './limits.ts';

const mebibyte = 1024 ** 2;
const limits = { timeoutMs: 1_000, memoryMb: 64, outputKb: 16 };
const call = (changes: Partial<MadeCall>): MadeCall => ({
  ...{ input: { text: 'x' }, end: { kind: 'output', output: {} }, durationMs: 40, ...changes },
});

test('the row tells the most time and memory that a call took beside what it may have, and of how many that is known', () => {
  const made = [call({ peakMemoryBytes: 41.2 * mebibyte }), call({ durationMs: 90 })];
  const { verdict, detail } = rowOfLimits({ limits }, made, 'bubblewrap');
  expect(verdict).toBe('passed');
  expect(detail).toContain('2 calls, the slowest took 90 of 1000 ms');
  expect(detail).toContain('the largest held 42 (1 were long enough to be seen) of 164 MB with its runtime');
});

test('a call that held more than it may is a finding, although it came to an end of its own', () => {
  const beyond = { peakMemoryBytes: 165 * mebibyte };
  expect(rowOfLimits({ limits }, [call({}), call(beyond)], 'bubblewrap')).toMatchObject({
    verdict: 'failed',
    findings: ['{"text":"x"}: it held 165 MB, and may have 164'],
  });
  const { findings } = rowOfLimits({ limits }, [call({ ...beyond, isHeldOut: true })], 'bubblewrap');
  expect(findings).toEqual(['a held-out case: it held 165 MB, and may have 164']);
});

test('how weakly it was isolated stands first', () => {
  expect(rowOfLimits({ limits }, [call({})], 'none').detail).toMatch(/^NOT isolated/);
  expect(rowOfLimits({ limits }, [call({})], 'namespaces').detail).toMatch(/^no bubblewrap/);
  expect(rowOfLimits({ limits }, [call({})], 'bubblewrap').detail).toMatch(/^1 call/);
});
