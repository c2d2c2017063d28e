import { type AgentRole, agentRoles } from './agent.ts';
import { type AgentStatus, agentsAtWork, mostUrgent, type OpenWork, statusWith } from './agent-status.ts';
import type { Conversation, Counts } from './conversation.ts';
import { agentOfCycle } from './cycle.ts';
import type { ConversationId, TaskId } from './identifiers.ts';
import type { Performance } from './performance.ts';
import type { Question } from './question.ts';
import type { Task } from './task.ts';

/** What an agent has and what it is busy with. */
export type AgentResources = {
  readonly role: AgentRole;
  readonly status: AgentStatus;
  readonly prompts: CyclePrompts;
  /** Its tasks that are not over, and those of others that it works for at the moment. */
  readonly tasks: readonly TaskId[];
  /** That it is a member of and that are not closed. */
  readonly conversations: readonly AgentConversation[];
  /** Live Claude Code sessions. */
  readonly sessions: number;
  /** 1 is what is usual in the team; null where there is nothing to compare with. */
  readonly efficiency: number | null;
  /** It lies below what the configuration expects of this agent. */
  readonly isInefficient: boolean;
  /** The conversation in which the process coach was told of that, in this cycle. */
  readonly toldIn?: ConversationId;
};

/** The prompts of an agent in the present cycle. */
export type CyclePrompts = {
  readonly spent: number;
  /** With everything that was granted and moved; absent for an agent without a limit. */
  readonly limit?: number;
  /** ISO 8601 in UTC: the end of the cycle. */
  readonly renewsAt?: string;
};

export type AgentConversation = {
  readonly id: ConversationId;
  readonly topic: string;
  /** That the agent has sent. */
  readonly messages: number;
};

/** A task that is not over. */
export type OpenTask = Pick<Task, 'id' | 'agent' | 'state' | 'wish'> &
  Pick<OpenWork, 'promptLimit' | 'promptsUsed'> & {
    /** Some process works on it now. */
    readonly driven: boolean;
    /** What it waits for. */
    readonly question?: Pick<Question, 'kind' | 'text' | 'shortage'>;
  };

/** What the resources of the team follow from. */
export type TeamRecords = {
  readonly tasks: readonly OpenTask[];
  readonly promptsOf: (agent: AgentRole) => CyclePrompts;
  readonly conversations: readonly (Pick<Conversation, 'id' | 'topic' | 'members' | 'state'> & {
    readonly counts: Counts;
  })[];
  readonly performance: Pick<Performance, 'agents'>;
  /** Where the process coach is told of an agent in this cycle, if it is told at all. */
  readonly tellingOf: (agent: AgentRole) => ConversationId;
};

/** The resources of every agent, in the order of the roles. */
export function resourcesOf({
  tasks,
  promptsOf,
  conversations,
  performance,
  tellingOf,
}: TeamRecords): AgentResources[] {
  return agentRoles.map((role) => {
    const own = performance.agents.find(({ agent }) => agent === role);
    const telling = conversations.find(({ id }) => id === tellingOf(role));
    return {
      role,
      status: statusOf(role, tasks),
      prompts: promptsOf(role),
      tasks: tasks.filter((task) => concerns(task, role)).map(({ id }) => id),
      conversations: conversations
        .filter(({ members, state }) => state.kind !== 'closed' && members.includes(role))
        .map(({ id, topic, counts }) => ({ id, topic, messages: counts[role] ?? 0 })),
      sessions: tasks.filter((task) => sessionOf(task) === role).length,
      efficiency: own?.efficiency ?? null,
      isInefficient: own?.isInefficient ?? false,
      ...(telling ? { toldIn: telling.id } : {}),
    };
  });
}

/** Whether it is this agent whom the standing of a task concerns. */
function isStatusOf(task: OpenTask, role: AgentRole): boolean {
  if (task.question) return askerOf(task) === role;
  // Nobody drives a task that sleeps for a tool, and its agent waits all the same.
  if (task.state.kind === 'waiting' && task.state.for.kind === 'tool') return task.agent === role;
  return task.driven && agentsAtWork(task).includes(role);
}

/** How an agent stands with all of its tasks. */
function statusOf(role: AgentRole, tasks: readonly OpenTask[]): AgentStatus {
  return mostUrgent(tasks.filter((task) => isStatusOf(task, role)).map(statusWith));
}

/**
 * The agent that has the Claude Code session of a task, as far as the state tells: whoever builds, and quality assurance
 * while it reads code. A round that still waits for a place counts as well.
 */
function sessionOf({ agent, state, driven, wish }: OpenTask): AgentRole | undefined {
  if (!driven) return undefined;
  switch (state.kind) {
    case 'working':
      return agent;
    case 'asking':
      // Risks and test cases are answered without reading code.
      return agent === 'quality-assurance' && wish === undefined ? agent : undefined;
    case 'coordinating':
      return state.at.kind === 'review' && state.isPaid ? 'quality-assurance' : undefined;
    case 'accepted':
    case 'analysed':
    case 'worked':
    case 'verified':
    case 'tooling':
    case 'retiring':
    case 'waiting':
    case 'ended':
    case 'finished':
      return undefined;
  }
}

function concerns(task: OpenTask, role: AgentRole): boolean {
  return task.agent === role || (task.driven && agentsAtWork(task).includes(role));
}

/** Whose question a task waits for: of a cycle that is used up, the agent whose cycle it is, whoever has the task. */
function askerOf({ agent, question }: OpenTask): AgentRole {
  return (question?.shortage && agentOfCycle(question.shortage.scope)) ?? agent;
}
