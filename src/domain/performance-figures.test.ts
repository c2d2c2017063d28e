import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentRoles } from './agent.ts';
import { performanceSchema } from './performance.ts';
import { figuresOf, performanceOf, type TaskFacts } from './performance-figures.ts';

const built: TaskFacts = {
  agent: 'developer',
  status: 'succeeded',
  verified: true,
  rounds: 2,
  prompts: 2,
  usd: 0.5,
  waitingMs: 1_800_000,
  escalations: 1,
};
const failed: TaskFacts = { ...built, status: 'failed', verified: false, rounds: 4, prompts: 4, usd: 1.5 };
const answered: TaskFacts = { ...built, agent: 'decision-maker', verified: false, rounds: 0, prompts: 1, usd: 0.1 };

const anyFacts: fc.Arbitrary<TaskFacts> = fc.record({
  agent: fc.constantFrom(...agentRoles),
  status: fc.constantFrom('succeeded', 'failed', 'cancelled', 'timed-out', 'out-of-budget'),
  verified: fc.boolean(),
  rounds: fc.nat(15),
  prompts: fc.nat(50),
  usd: fc.nat(1e11).map((nano) => nano / 1e9),
  waitingMs: fc.nat(1e9),
  escalations: fc.nat(5),
});

test('the figures of a few tasks', () => {
  expect(figuresOf([built, failed, answered])).toEqual({
    tasks: 3,
    'success-rate': 0.6667,
    'verified-rate': 0.5,
    'rounds-per-task': 3,
    'prompts-per-verified-task': 7,
    'usd-per-verified-task': 2.1,
    'waiting-hours': 1.5,
    escalations: 3,
  });
});

test('without tasks there is nothing to compute from', () => {
  const { tasks, ...others } = figuresOf([]);
  expect(tasks).toBe(0);
  expect(Object.values(others)).toEqual(Array.from({ length: 7 }, () => null));
});

test('without a verified task nothing is said of what one costs, and without building nothing of rounds', () => {
  expect(figuresOf([failed])).toMatchObject({ 'verified-rate': 0, 'usd-per-verified-task': null });
  expect(figuresOf([answered])).toMatchObject({ 'success-rate': 1, 'verified-rate': null, 'rounds-per-task': null });
});

test('agents without a finished task are left out, the others stand in the order of the team', () => {
  const { since, agents } = performanceOf(new Date('2026-11-01T00:00:00Z'), [answered, built]);
  expect(since).toBe('2026-11-01T00:00:00.000Z');
  expect(agents.map(({ agent }) => agent)).toEqual(['developer', 'decision-maker']);
});

test('an agent that gives less for what it spends than is expected of it is pointed at', () => {
  const { agents } = performanceOf(new Date(0), [built, failed, answered], (agent) =>
    agent === 'developer' ? 1 : 0.1,
  );
  expect(agents.map(({ agent, efficiency, isInefficient }) => [agent, efficiency, isInefficient])).toEqual([
    ['developer', 0.19, true],
    ['decision-maker', 1.81, false],
  ]);
});

test('of a developer only verified work is a result, whether its rounds are known or not', () => {
  const unverified = { ...built, verified: false };
  for (const rounds of [0, 2]) {
    const { agents } = performanceOf(new Date(0), [{ ...unverified, rounds }, answered]);
    expect(agents.map(({ efficiency }) => efficiency)).toEqual([0, 2]);
  }
});

test('whatever the facts are, rates lie between 0 and 1, counts add up and no figure is no number', () => {
  fc.assert(
    fc.property(fc.array(anyFacts), (facts) => {
      const performance = performanceSchema.parse(performanceOf(new Date(0), facts));
      for (const { figures } of [{ figures: performance.team }, ...performance.agents]) {
        for (const value of Object.values(figures)) if (value !== null) expect(value).toBeGreaterThanOrEqual(0);
        for (const rate of ['success-rate', 'verified-rate'] as const)
          expect(figures[rate] ?? 0).toBeLessThanOrEqual(1);
      }
      for (const count of ['tasks', 'escalations'] as const) {
        const sum = performance.agents.reduce((total, { figures }) => total + (figures[count] ?? 0), 0);
        expect(performance.team[count] ?? 0).toBe(sum);
      }
    }),
  );
});

test('the order of the tasks changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyFacts), (facts) => {
      const [one, other] = [figuresOf(facts), figuresOf(facts.toReversed())];
      for (const [name, value] of Object.entries(one))
        expect(other).toHaveProperty(name, value === null ? null : expect.closeTo(value, 3));
    }),
  );
});
