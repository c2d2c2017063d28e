import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentRoles } from './agent.ts';
import { efficienciesOf, type Yield } from './efficiency.ts';

const yields = fc.uniqueArray(
  fc.record({
    agent: fc.constantFrom(...agentRoles),
    results: fc.nat(50),
    prompts: fc.nat(200),
    // Money is counted in billionths of a dollar.
    usd: fc.nat(1_000_000_000).map((nano) => nano / 1e9),
  }),
  { selector: ({ agent }) => agent },
);

test('an agent alone is as efficient as its team', () => {
  const alone: Yield = { agent: 'developer', results: 4, prompts: 20, usd: 2 };
  expect(efficienciesOf([alone])).toEqual([{ agent: 'developer', value: 1 }]);
});

test('half of the usual results for a prompt and for a dollar is an efficiency of a half', () => {
  const team: Yield[] = [
    { agent: 'developer', results: 2, prompts: 10, usd: 1 },
    { agent: 'quality-assurance', results: 1, prompts: 10, usd: 1 },
    { agent: 'decision-maker', results: 3, prompts: 10, usd: 1 },
  ];
  expect(efficienciesOf(team).map(({ value }) => value)).toEqual([1, 0.5, 1.5]);
});

test('an agent that spent nothing has none, and neither has a team that came to nothing', () => {
  const idle: Yield = { agent: 'process-coach', results: 0, prompts: 0, usd: 0 };
  const busy: Yield = { agent: 'developer', results: 2, prompts: 4, usd: 1 };
  expect(efficienciesOf([idle, busy])).toEqual([{ agent: 'process-coach' }, { agent: 'developer', value: 1 }]);
  expect(efficienciesOf([{ ...busy, results: 0 }])).toEqual([{ agent: 'developer' }]);
});

test('is never below nothing, and always a number where there is one', () => {
  fc.assert(
    fc.property(yields, (team) => {
      const all = efficienciesOf(team);
      expect(all).toHaveLength(team.length);
      for (const { value } of all) if (value !== undefined) expect(value).toBeGreaterThanOrEqual(0);
    }),
  );
});
