import type { Config } from '../config/config.ts';
import { type AgentRole, agentRoles } from '../domain/agent.ts';
import { cycleAt, scopeOfCycle } from '../domain/cycle.ts';
import type { CycleShare } from '../store/store.ts';
import type { CycleRules } from '../workflows/run-task/needs.ts';

/** What agents may use until the present cycle ends, as it is configured. */
export function cyclesOf({ agents, system }: Pick<Config, 'agents' | 'system'>, now: () => number): CycleRules {
  const current = () => cycleAt(now(), system.cycleSeconds);
  const shareOf = (agent: AgentRole): CycleShare | undefined => {
    const prompts = agents[agent].maxClaudeRequestsPerCycle;
    if (prompts === undefined) return undefined;
    const cycle = current();
    return {
      agent,
      limit: { scope: scopeOfCycle(agent, cycle), limit: { prompts }, renewsAt: cycle.ends.toISOString() },
    };
  };
  return {
    shareOf,
    shares: () => agentRoles.flatMap((agent) => shareOf(agent) ?? []),
    moves() {
      const prompts = agents['project-manager'].maxClaudeRequestsPerCycle ?? 0;
      return { scope: `moves:${current().number}`, limit: { prompts } };
    },
  };
}
