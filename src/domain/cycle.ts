import type { AgentRole } from './agent.ts';
import type { BudgetScope } from './budget.ts';

/** A stretch of time for which agents are given prompts. */
export type Cycle = {
  /** Cycles of one length are counted from 1970-01-01T00:00Z. */
  readonly number: number;
  readonly begins: Date;
  readonly ends: Date;
};

/**
 * The cycle that a moment lies in. It follows from the moment alone, so that every process names the same one.
 *
 * @param now milliseconds since 1970
 */
export function cycleAt(now: number, lengthSeconds: number): Cycle {
  const length = lengthSeconds * 1000;
  const number = Math.floor(now / length);
  return { number, begins: new Date(number * length), ends: new Date((number + 1) * length) };
}

/** What an agent may use in a cycle. */
export function scopeOfCycle(agent: AgentRole, { number }: Pick<Cycle, 'number'>): BudgetScope {
  return `cycle:${agent}:${number}`;
}

/** The agent whose cycle a scope is; undefined for any other scope. */
export function agentOfCycle(scope: BudgetScope): AgentRole | undefined {
  return /^cycle:(?<agent>[a-z-]+):/.exec(scope)?.groups?.['agent'] as AgentRole | undefined;
}
