import type { Config } from '../config/config.ts';
import { type AgentRole, agentRoles } from '../domain/agent.ts';
import type { ScopeLimit } from '../domain/budget.ts';
import { type Cycle, cycleAt, promptsForBuilds, scopeOfBuilds, scopeOfCycle } from '../domain/cycle.ts';
import type { CycleShare } from '../store/budgets.ts';
import type { CycleRules } from '../workflows/run-task/needs.ts';

/** What agents may use until the present cycle ends, as it is configured. The prompts of one without a limit are counted too. */
export function cyclesOf(
  { agents, system }: Pick<Config, 'agents' | 'system'>,
  now: () => number,
): Omit<CycleRules, 'shareOf'> & {
  readonly current: () => Cycle;
  readonly shareOf: (agent: AgentRole) => CycleShare;
  /** What an agent may use of it for work on tools; counted only where its prompts have a limit. */
  readonly buildsOf: (agent: AgentRole) => ScopeLimit | undefined;
} {
  const current = (): Cycle => cycleAt(now(), system.cycleSeconds);
  const shareOf = (agent: AgentRole): CycleShare => {
    const prompts = agents[agent].maxClaudeRequestsPerCycle;
    const limit = prompts === undefined ? {} : { prompts };
    const cycle = current();
    return { agent, limit: { scope: scopeOfCycle(agent, cycle), limit, renewsAt: cycle.ends.toISOString() } };
  };
  return {
    current,
    shareOf,
    buildsOf(agent) {
      const { maxClaudeRequestsPerCycle: prompts, toolBuildingAllocation } = agents[agent];
      if (prompts === undefined) return undefined;
      const cycle = current();
      const limit = { prompts: promptsForBuilds(prompts, toolBuildingAllocation) };
      return { scope: scopeOfBuilds(agent, cycle), limit, renewsAt: cycle.ends.toISOString() };
    },
    shares: () => agentRoles.map(shareOf).filter(({ limit }) => limit.limit.prompts !== undefined),
    moves() {
      const prompts = agents['project-manager'].maxClaudeRequestsPerCycle ?? 0;
      return { scope: `moves:${current().number}`, limit: { prompts } };
    },
  };
}
