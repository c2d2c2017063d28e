import { type AgentRole, agentRoles } from '../domain/agent.ts';
import { type CyclePrompts, resourcesOf } from '../domain/agent-resources.ts';
import type { Cycle } from '../domain/cycle.ts';
import type { Performance } from '../domain/performance.ts';
import type { Spiral } from '../spiral.ts';
import type { CycleShare } from '../store/budgets.ts';
import type { Store } from '../store/store.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import { performanceSince, withoutEvents } from '../workflows/run-task/performance-since.ts';
import { tellingOf } from '../workflows/tell-coach.ts';

/** Efficiency follows from many rows and changes with finished tasks only: it is computed so often at most. */
const performanceKeptMs = 60_000;
/** Of conversations the latest are looked at. */
const mostConversations = 200;
const noPrompts: CyclePrompts = { spent: 0 };

/** What the resources of the team are read from. */
export type ResourceNeeds = Pick<RunTaskNeeds, 'expectedEfficiency' | 'now'> & {
  readonly store: () => Promise<Store>;
  /** Of the present cycle; also of an agent without a limit. */
  readonly shareOf: (agent: AgentRole) => CycleShare | undefined;
  readonly unfinished: Spiral['unfinished'];
  /** The present one. */
  readonly cycle: () => Cycle;
};

/** The part of the face of the system that is about the resources of its agents. */
export function agentResources(needs: ResourceNeeds): Pick<Spiral, 'resources'> {
  let kept: { readonly at: number; readonly performance: Promise<Performance> } | undefined;
  const performanceIn = (store: Store): Promise<Performance> => {
    const now = needs.now();
    if (!kept || now - kept.at >= performanceKeptMs) {
      kept = { at: now, performance: performanceSince(now, { ...needs, store: withoutEvents(store) }) };
      // What failed is asked for again.
      kept.performance.catch(() => {
        kept = undefined;
      });
    }
    return kept.performance;
  };
  return {
    async resources() {
      const store = await needs.store();
      const [tasks, conversations, performance, prompts] = await Promise.all([
        needs.unfinished(),
        store.conversations.list(mostConversations),
        performanceIn(store),
        Promise.all(agentRoles.map(async (agent) => [agent, await promptsOf(store, needs.shareOf(agent))] as const)),
      ]);
      const ofAgent = new Map(prompts);
      const cycle = needs.cycle();
      return resourcesOf({
        tasks,
        conversations,
        performance,
        tellingOf: (agent) => tellingOf(agent, cycle).conversationId,
        promptsOf: (agent) => ofAgent.get(agent) ?? noPrompts,
      });
    },
  };
}

async function promptsOf({ budgets }: Store, share: CycleShare | undefined): Promise<CyclePrompts> {
  if (!share) return noPrompts;
  const { scope, limit, renewsAt } = share.limit;
  const { spent, granted } = await budgets.standing(scope);
  return {
    spent: spent.prompts ?? 0,
    ...(limit.prompts === undefined ? {} : { limit: limit.prompts + (granted.prompts ?? 0) }),
    ...(renewsAt === undefined ? {} : { renewsAt }),
  };
}
