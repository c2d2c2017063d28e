import { expect, test } from 'vitest';
import type { AgentRole } from './agent.ts';
import { fewestTasks, inefficienciesOf } from './inefficiency.ts';
import { performanceOf, type TaskFacts } from './performance-figures.ts';

const since = new Date('2026-10-24T00:00:00Z');

/** Tasks of an agent that spent a prompt each, of which so many came to something. */
function work(agent: AgentRole, tasks: number, results: number): TaskFacts[] {
  return Array.from({ length: tasks }, (_, index) => ({
    agent,
    status: index < results ? 'succeeded' : 'failed',
    verified: index < results,
    rounds: agent === 'developer' ? 1 : 0,
    prompts: 1,
    usd: 0.1,
    waitingMs: 0,
    escalations: 0,
  }));
}

function told(tasks: readonly TaskFacts[], expected: (agent: AgentRole) => number = () => 1) {
  return inefficienciesOf(performanceOf(since, tasks, expected), expected);
}

test('an agent below its threshold is told of with its figure, the median of the team and since when', () => {
  const team = [...work('developer', 10, 4), ...work('quality-assurance', 10, 8), ...work('decision-maker', 10, 10)];
  expect(told(team)).toMatchObject([
    { agent: 'developer', efficiency: 0.5, expected: 1, median: 1, since: since.toISOString(), figures: { tasks: 10 } },
  ]);
});

test('each agent is measured by its own threshold, and none below 0', () => {
  const team = [...work('developer', 10, 4), ...work('quality-assurance', 10, 8), ...work('decision-maker', 10, 10)];
  expect(told(team, (agent) => (agent === 'decision-maker' ? 2 : 0)).map(({ agent }) => agent)).toEqual([
    'decision-maker',
  ]);
  expect(told(team, () => 0)).toEqual([]);
});

test('of fewer tasks than that nothing is told', () => {
  const others = [...work('quality-assurance', 10, 10), ...work('decision-maker', 10, 10)];
  expect(told([...work('developer', fewestTasks - 1, 0), ...others])).toEqual([]);
  expect(told([...work('developer', fewestTasks, 0), ...others])).toMatchObject([
    { agent: 'developer', efficiency: 0 },
  ]);
});

test('an agent alone is as good as its team', () => {
  expect(told(work('developer', 10, 1))).toEqual([]);
});
