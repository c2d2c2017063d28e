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

/** What an agent may use in a cycle for work on tools. */
export function scopeOfBuilds(agent: AgentRole, { number }: Pick<Cycle, 'number'>): BudgetScope {
  return `builds:${agent}:${number}`;
}

/** The agent whose cycle, or whose share of it, a scope is; undefined for any other scope. */
export function agentOfCycle(scope: BudgetScope): AgentRole | undefined {
  return /^(?:cycle|builds):(?<agent>[a-z-]+):/.exec(scope)?.groups?.['agent'] as AgentRole | undefined;
}

/**
 * What work on tools may use of an agent's prompts of a cycle: whole prompts, at least one of a share above nothing, so that
 * a small limit does not mean that none may ever be spent.
 *
 * @param allocation 0 to 1
 */
export function promptsForBuilds(prompts: number, allocation: number): number {
  return allocation === 0 ? 0 : Math.max(1, Math.floor(prompts * allocation));
}
