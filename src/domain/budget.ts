import type { AgentRole } from './agent.ts';
import type { TaskId } from './identifiers.ts';

/** What is counted. A prompt is one round that we ask for; tokens are input and output together; USD are dollars. */
export const measures = ['prompts', 'tokens', 'usd'] as const;

export type Measure = (typeof measures)[number];

/** So much of each measure; what is missing is not limited, or not given. */
export type Amounts = Readonly<Partial<Record<Measure, number>>>;

/**
 * What a limit holds for. A night is named by the day of its evening, for example `night:2026-11-22`; a cycle of an agent by
 * its number, see `cycleAt`.
 */
export type BudgetScope =
  | `task:${TaskId}`
  | `agent:${AgentRole}`
  | `cycle:${AgentRole}:${number}`
  /** Of a cycle of an agent, what work on tools may use. */
  | `builds:${AgentRole}:${number}`
  /** What the project manager moves between agents in a cycle. */
  | `moves:${number}`
  | `night:${string}`
  | `project:${TaskId}`
  | 'all';

/** A limit as it is configured; what was granted on top of it is kept with what was spent. */
export type ScopeLimit = {
  readonly scope: BudgetScope;
  readonly limit: Amounts;
  /** ISO 8601 in UTC: when there is room again by itself. */
  readonly renewsAt?: string;
};

/** The limits as a person configures them: what one task, one agent, one night and everything together may use. */
export type BudgetLimits = {
  readonly task: Amounts;
  readonly agent: Amounts;
  readonly night: Amounts;
  readonly project: Amounts;
  readonly all: Amounts;
};

/** A limit that has no room for what was wanted. */
export type Shortage = {
  readonly scope: BudgetScope;
  readonly measure: Measure;
  /** With everything that was granted. */
  readonly limit: number;
  readonly spent: number;
  /** ISO 8601 in UTC: when there is room again by itself. */
  readonly renewsAt?: string;
};

/** Every limit that a run has to keep. */
export function limitsOf(
  budget: BudgetLimits,
  {
    taskId,
    agent,
    night,
    project,
    cycle,
    builds,
  }: {
    readonly taskId: TaskId;
    readonly agent: AgentRole;
    readonly night?: string | undefined;
    readonly project?: TaskId | undefined;
    readonly cycle?: ScopeLimit | undefined;
    readonly builds?: ScopeLimit | undefined;
  },
): ScopeLimit[] {
  return [
    { scope: `task:${taskId}`, limit: budget.task },
    { scope: `agent:${agent}`, limit: budget.agent },
    ...(cycle === undefined ? [] : [cycle]),
    ...(builds === undefined ? [] : [builds]),
    ...(project === undefined ? [] : [{ scope: `project:${project}`, limit: budget.project } as const]),
    ...(night === undefined ? [] : [{ scope: `night:${night}`, limit: budget.night } as const]),
    { scope: 'all', limit: budget.all },
  ];
}

/** One sentence on what is used up. */
export function sentenceOf({ scope, measure, limit, spent }: Shortage): string {
  const whose = whoseOf(scope);
  const amount = (value: number) => (measure === 'usd' ? `$${value.toFixed(2)}` : String(value));
  const what = measure === 'usd' ? '' : ` ${measure}`;
  return `${whose} has used ${amount(spent)} of ${amount(limit)}${what}${endOf(scope)}`;
}

function whoseOf(scope: BudgetScope): string {
  if (scope === 'all') return 'everything together';
  return isOfCycle(scope) ? `the ${scope.split(':')[1]}` : scope.replace(':', ' ');
}

function endOf(scope: BudgetScope): string {
  if (!isOfCycle(scope)) return '';
  return scope.startsWith('builds:') ? ' of this cycle for work on tools' : ' of this cycle';
}

function isOfCycle(scope: BudgetScope): boolean {
  return scope.startsWith('cycle:') || scope.startsWith('builds:');
}

/** What a model costs, in USD for a million tokens of each kind. */
export type Price = {
  readonly input: number;
  readonly output: number;
  /** Input that is kept for five minutes; one that is kept for an hour costs `longCacheWrite`. */
  readonly cacheWrite: number;
  readonly longCacheWrite: number;
  readonly cacheRead: number;
};

/** What one request used, as the model API counts it: no token is in two of these numbers. */
export type Usage = {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly longCacheWrite: number;
  readonly cacheRead: number;
};

export const noUsage: Usage = { input: 0, output: 0, cacheWrite: 0, longCacheWrite: 0, cacheRead: 0 };

const million = 1e6;

/** In USD. */
export function costOf(usage: Usage, price: Price): number {
  return (
    (usage.input * price.input +
      usage.output * price.output +
      usage.cacheWrite * price.cacheWrite +
      usage.longCacheWrite * price.longCacheWrite +
      usage.cacheRead * price.cacheRead) /
    million
  );
}

/** All tokens of a request. */
export function tokensOf({ input, output, cacheWrite, longCacheWrite, cacheRead }: Usage): number {
  return input + output + cacheWrite + longCacheWrite + cacheRead;
}

/** What was used by an agent, by a task, or on a day. */
export type CostLine = {
  /** The agent, the task or the day (`YYYY-MM-DD` in UTC). */
  readonly key: string;
  readonly requests: number;
  readonly tokens: Usage;
  readonly usd: number;
  /** Requests whose cost is an estimate, because they were cut. */
  readonly estimated: number;
  /** To the first byte of the answer, over the requests that had one; null when none had. */
  readonly meanLatencyMs: number | null;
};
