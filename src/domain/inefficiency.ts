import { type AgentRole, agentRoles } from './agent.ts';
import { medianOf } from './efficiency.ts';
import type { Figures, Performance } from './performance.ts';

/** What the process coach is told of an agent that gives less for what it spends than is expected of it. */
export type Inefficiency = {
  readonly agent: AgentRole;
  readonly efficiency: number;
  /** Its threshold. */
  readonly expected: number;
  /** Of the efficiencies in the team. */
  readonly median: number;
  /** ISO 8601 in UTC: how far the figures look back. */
  readonly since: string;
  /** Its own, in that time. */
  readonly figures: Figures;
};

/** Of fewer finished tasks an efficiency says next to nothing, and nobody is told. */
export const fewestTasks = 5;

/** The agents of which the process coach is told, in the order of the team. */
export function inefficienciesOf(
  { since, agents }: Performance,
  expected: (agent: AgentRole) => number,
): Inefficiency[] {
  const values = agents.flatMap(({ efficiency }) => efficiency ?? []);
  const median = Math.round((medianOf(values) ?? 0) * 100) / 100;
  return agents.flatMap(({ agent: name, figures, efficiency, isInefficient }) => {
    const agent = agentRoles.find((role) => role === name);
    if (!agent || !isInefficient || efficiency === null || (figures.tasks ?? 0) < fewestTasks) return [];
    return [{ agent, efficiency, expected: expected(agent), median, since, figures }];
  });
}
