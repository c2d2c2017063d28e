import type { AgentRole } from './agent.ts';
import { agentAt } from './project-step.ts';
import type { Task } from './task.ts';
import { nextToolStep } from './tool-step.ts';
import { progressAt, stageAt, type Tooling } from './tool-work.ts';

/** How an agent stands. With several tasks it is what needs a person most: see `mostUrgent`. */
export type AgentStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'active'; readonly promptsRemaining: number }
  /** A limit has no prompt, token or dollar left. */
  | { readonly kind: 'exhausted'; readonly reason: string }
  /** `progress` is 0..1. */
  | { readonly kind: 'building-tool'; readonly toolName: string; readonly progress: number }
  /** A person was asked, and nothing goes on before they answer. */
  | { readonly kind: 'escalated'; readonly reason: string }
  | { readonly kind: 'waiting-for-tool-decision'; readonly requestedTool: string };

/** What can happen to an agent. */
export type AgentHappening =
  | { readonly kind: 'work-begun'; readonly promptsRemaining: number }
  | { readonly kind: 'prompt-spent' }
  | { readonly kind: 'limit-reached'; readonly reason: string }
  | { readonly kind: 'granted'; readonly promptsRemaining: number }
  | { readonly kind: 'question-asked'; readonly reason: string }
  | { readonly kind: 'question-answered'; readonly promptsRemaining: number }
  | { readonly kind: 'tool-requested'; readonly tool: string }
  | { readonly kind: 'tool-decided'; readonly promptsRemaining: number }
  | { readonly kind: 'build-begun'; readonly tool: string }
  | { readonly kind: 'build-advanced'; readonly progress: number }
  /** The work is over, however it ended: a person can end it in every status. */
  | { readonly kind: 'work-ended' };

/** The one place that decides how an agent stands after something happened; undefined when that cannot happen to it now. */
export function nextStatus(status: AgentStatus, happening: AgentHappening): AgentStatus | undefined {
  if (happening.kind === 'work-ended') return status.kind === 'idle' ? undefined : { kind: 'idle' };
  switch (status.kind) {
    case 'idle':
      if (happening.kind === 'work-begun') return active(happening.promptsRemaining);
      return happening.kind === 'build-begun' ? building(happening.tool, 0) : undefined;
    case 'active':
      return whileActive(status.promptsRemaining, happening);
    case 'exhausted':
      return happening.kind === 'granted' ? active(happening.promptsRemaining) : undefined;
    case 'building-tool':
      return whileBuilding(status, happening);
    case 'escalated':
      return happening.kind === 'question-answered' ? active(happening.promptsRemaining) : undefined;
    case 'waiting-for-tool-decision':
      return happening.kind === 'tool-decided' ? active(happening.promptsRemaining) : undefined;
  }
}

function whileActive(promptsRemaining: number, happening: AgentHappening): AgentStatus | undefined {
  switch (happening.kind) {
    case 'prompt-spent':
      return promptsRemaining > 0 ? active(promptsRemaining - 1) : undefined;
    case 'limit-reached':
      return { kind: 'exhausted', reason: happening.reason };
    case 'question-asked':
      return { kind: 'escalated', reason: happening.reason };
    case 'tool-requested':
      return { kind: 'waiting-for-tool-decision', requestedTool: happening.tool };
    case 'work-begun':
    case 'granted':
    case 'question-answered':
    case 'tool-decided':
    case 'build-begun':
    case 'build-advanced':
    case 'work-ended':
      return undefined;
  }
}

function whileBuilding(
  status: AgentStatus & { readonly kind: 'building-tool' },
  happening: AgentHappening,
): AgentStatus | undefined {
  if (happening.kind === 'limit-reached') return { kind: 'exhausted', reason: happening.reason };
  if (happening.kind === 'question-asked') return { kind: 'escalated', reason: happening.reason };
  if (happening.kind !== 'build-advanced') return undefined;
  // Progress never goes back, and is never more than all.
  const isForward = happening.progress >= status.progress && happening.progress <= 1;
  return isForward ? building(status.toolName, happening.progress) : undefined;
}

function active(promptsRemaining: number): AgentStatus {
  return { kind: 'active', promptsRemaining: Math.max(0, promptsRemaining) };
}

function building(toolName: string, progress: number): AgentStatus {
  return { kind: 'building-tool', toolName, progress };
}

/** The command by which a person leads an agent out of a status; undefined for one that has nothing to do. */
export function exitOf(status: AgentStatus): string | undefined {
  switch (status.kind) {
    case 'idle':
      return undefined;
    case 'active':
    case 'building-tool':
      return 'spiral stop';
    case 'exhausted':
      return 'spiral grant';
    case 'escalated':
      return 'spiral answer';
    case 'waiting-for-tool-decision':
      return 'spiral decide';
  }
}

const urgency = ['escalated', 'waiting-for-tool-decision', 'exhausted', 'building-tool', 'active', 'idle'] as const;

/** How an agent with several tasks stands: what waits for a person comes first, then what runs. */
export function mostUrgent(statuses: readonly AgentStatus[]): AgentStatus {
  const [first] = statuses.toSorted((one, other) => urgency.indexOf(one.kind) - urgency.indexOf(other.kind));
  return first ?? { kind: 'idle' };
}

/** What is known of a task that is not over. */
export type OpenWork = Pick<Task, 'state'> & {
  readonly promptLimit: number;
  readonly promptsUsed: number;
  readonly question?: { readonly kind: string; readonly text: string };
};

/** The agents that work while a task is driven: its own, and whoever is asked where its project stands. */
export function agentsAtWork({ agent, state }: Pick<Task, 'agent' | 'state'>): readonly AgentRole[] {
  const asked =
    state.kind === 'coordinating' ? agentAt(state.at) : state.kind === 'tooling' ? agentOfTool(state) : undefined;
  // What is built for a project is a task of its own, and the developer is at work with that.
  return asked === undefined || asked === agent || asked === 'developer' ? [agent] : [agent, asked];
}

/** Whoever is asked where the work on a tool stands. */
function agentOfTool(state: Tooling): AgentRole | undefined {
  const step = nextToolStep({ ...state, isPaid: true });
  return step.kind === 'ask' ? step.agent : undefined;
}

/** How an agent stands with one task. */
export function statusWith({ promptLimit, promptsUsed, question, state }: OpenWork): AgentStatus {
  if (state.kind === 'waiting' && state.for.kind === 'tool') {
    return { kind: 'waiting-for-tool-decision', requestedTool: state.for.name };
  }
  const working =
    state.kind === 'tooling' && stageAt(state.at) !== undefined
      ? building(state.build.name, progressAt(state.at))
      : active(promptLimit - promptsUsed);
  if (!question) return working;
  const { kind, text: reason } = question;
  const isLimit = kind === 'grant' || kind === 'allocation';
  return nextStatus(working, { kind: isLimit ? 'limit-reached' : 'question-asked', reason }) ?? working;
}
