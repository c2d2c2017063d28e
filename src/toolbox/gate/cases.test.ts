import { expect, test } from 'vitest';
import type { ToolExample } from '../../domain/tool.ts';
import type { Calls } from './calls.ts';
import { tryCases } from './cases.ts';

const fits = { input: () => undefined, output: () => undefined };

async function problemWith(example: Partial<ToolExample>, answered: unknown): Promise<string | undefined> {
  const calls: Calls = {
    make: async () => ({ kind: 'output', output: answered }),
    makeAll: async () => [],
    made: () => [],
  };
  const [tried] = await tryCases([{ name: 'one', input: {}, error: false, ...example }], calls, fits);
  return tried?.problem;
}

test('of a partial output every field that it names is compared, at any depth, and no other', async () => {
  const partial = { partial: true, output: { valid: false, parts: [{ at: 1 }, {}] } };
  const good = { valid: false, reason: 'whatever', parts: [{ at: 1, of: 'x' }, { at: 2 }] };
  expect(await problemWith(partial, good)).toBeUndefined();
  expect(await problemWith(partial, { ...good, valid: true })).toMatch(
    /^it answered .*, in which there has to be \{"valid":false/,
  );
  expect(await problemWith(partial, { ...good, parts: [{ at: 2 }, {}] })).toBeDefined();
  expect(await problemWith(partial, { ...good, parts: [{ at: 1 }] })).toBeDefined();
  expect(await problemWith(partial, { reason: 'whatever', parts: good.parts })).toBeDefined();
  expect(await problemWith(partial, [good])).toBeDefined();
});

test('an output that is not partial is compared as a whole', async () => {
  const { output } = { output: { valid: false } };
  expect(await problemWith({ output }, { valid: false })).toBeUndefined();
  expect(await problemWith({ output }, { valid: false, reason: 'more' })).toBeDefined();
});
