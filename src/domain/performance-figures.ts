import { type AgentRole, agentRoles } from './agent.ts';
import { efficienciesOf, type Yield } from './efficiency.ts';
import type { TaskStatus } from './outcome.ts';
import type { Figures, Performance } from './performance.ts';

/** What is known of one finished task, from its events and its bookings; without those of tasks that it gave to others. */
export type TaskFacts = {
  readonly agent: AgentRole;
  readonly status: TaskStatus;
  readonly verified: boolean;
  /** How often Claude Code was asked to build; 0 for a task that was answered. */
  readonly rounds: number;
  readonly prompts: number;
  readonly usd: number;
  /** How long it stood still. */
  readonly waitingMs: number;
  /** Questions that only a human could answer. */
  readonly escalations: number;
};

const msOfHour = 3_600_000;

/**
 * The figures of finished tasks; null where there is nothing to compute from. Only tasks that built something can be verified
 * and have rounds; what a verified task costs is everything that was spent, failures included.
 */
export function figuresOf(tasks: readonly TaskFacts[]): Figures {
  const built = tasks.filter(({ rounds }) => rounds > 0);
  const verified = tasks.filter((task) => task.verified).length;
  return {
    tasks: tasks.length,
    'success-rate': ratio(tasks.filter(({ status }) => status === 'succeeded').length, tasks.length),
    'verified-rate': ratio(built.filter((task) => task.verified).length, built.length),
    'rounds-per-task': ratio(
      sum(built, ({ rounds }) => rounds),
      built.length,
    ),
    'prompts-per-verified-task': ratio(
      sum(tasks, ({ prompts }) => prompts),
      verified,
    ),
    'usd-per-verified-task': ratio(
      sum(tasks, ({ usd }) => usd),
      verified,
    ),
    'waiting-hours': tasks.length === 0 ? null : rounded(sum(tasks, ({ waitingMs }) => waitingMs) / msOfHour),
    escalations: tasks.length === 0 ? null : sum(tasks, ({ escalations }) => escalations),
  };
}

/**
 * The figures of the team and of every agent that finished a task since then.
 *
 * @param expected the efficiency below which an agent is pointed at
 */
export function performanceOf(
  since: Date,
  tasks: readonly TaskFacts[],
  expected: (agent: AgentRole) => number = () => 0,
): Performance {
  const agents = agentRoles
    .map((agent) => ({ agent, own: tasks.filter((task) => task.agent === agent) }))
    .filter(({ own }) => own.length > 0);
  const efficiencies = efficienciesOf(agents.map(({ agent, own }) => yieldOf(agent, own)));
  return {
    since: since.toISOString(),
    team: figuresOf(tasks),
    agents: agents.map(({ agent, own }, index) => {
      const efficiency = efficiencies[index]?.value ?? null;
      const isInefficient = efficiency !== null && efficiency < expected(agent);
      return { agent, figures: figuresOf(own), efficiency, isInefficient };
    }),
  };
}

function yieldOf(agent: AgentRole, tasks: readonly TaskFacts[]): Yield {
  const isResult = ({ verified, status }: TaskFacts) => (agent === 'developer' ? verified : status === 'succeeded');
  return {
    agent,
    results: tasks.filter(isResult).length,
    prompts: sum(tasks, ({ prompts }) => prompts),
    usd: sum(tasks, ({ usd }) => usd),
  };
}

function sum(tasks: readonly TaskFacts[], count: (task: TaskFacts) => number): number {
  return tasks.reduce((total, task) => total + count(task), 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded(part / whole);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
