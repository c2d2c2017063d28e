import { createHash } from 'node:crypto';
import { wordsOfRequest } from '../../agents/plan-words.ts';
import type { AgentRole } from '../../domain/agent.ts';
import type { Challenges, Settlement } from '../../domain/answers/planning.ts';
import type { ConversationId } from '../../domain/identifiers.ts';
import type { Message } from '../../domain/message.ts';
import type { PlanRequest } from '../../domain/message-request.ts';
import type { Project } from '../../domain/project.ts';
import type { Task } from '../../domain/task.ts';
import type { ConversationSummary } from '../../store/conversations.ts';
import { LeaseLost } from '../../store/store.ts';
import { publish } from '../converse/publish.ts';
import { untilQuiet } from '../converse/until-quiet.ts';
import type { Asked } from '../run-task/ask-agent.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from '../run-task/needs.ts';

const idLength = 8;
/** Agents have at most as many together, and people can join. */
const mostMessages = 500;
const mostDeadLetters = 100;

/** The answer that a request asks for. */
type ResultOf<Request extends PlanRequest> = Request['kind'] extends 'challenge' ? Challenges : Settlement;

export type CameOfTalk<Request extends PlanRequest> =
  | Asked<ResultOf<Request>>
  /** The conversation waits for a person. */
  | { readonly kind: 'escalated'; readonly questionId: string }
  /** A person was asked how the conversation goes on, and ended it with their own words. */
  | { readonly kind: 'decided'; readonly words: string };

/**
 * The project manager asks one of the team in the conversation about the plan, where people can join, and waits until nobody
 * has anything to say. Asked again after an interruption it is the same message.
 */
export async function requestInTalk<Request extends PlanRequest>(
  task: Task,
  { title, revision }: Project,
  asked: AgentRole,
  request: Request,
  needs: RunTaskNeeds,
  { signal }: StepContext,
): Promise<CameOfTalk<Request>> {
  const { conversations } = needs.store;
  const { allowance } = needs.conversations;
  const id = talkId(task, revision);
  const members: readonly AgentRole[] = ['project-manager', 'decision-maker', 'creative-innovator'];
  await conversations.open({ id, taskId: task.id, topic: `the plan “${title}”`, members, allowance });
  const text = wordsOfRequest(request);
  const said = { conversationId: id, key: request.kind, author: 'project-manager', text, mentions: [asked] } as const;
  const message = await publish({ ...said, request }, needs);
  // A letter that lay dead when a person said “try again” is tried again.
  if (message) await conversations.resend(id, message.number, asked);
  const end = message ? await untilQuiet(id, needs, signal) : ({ kind: 'closed' } as const);
  const answer = message && (await resultOf(message, asked, needs));
  // What was said before somebody stopped us counts: it is paid.
  if (answer) return { kind: 'answered', answer: answer as ResultOf<Request> };
  if (signal.aborted) return stoppedBy(task, signal.reason);
  switch (end.kind) {
    case 'escalated':
    case 'short':
      return end;
    case 'paused':
      return { ...end, message: 'the model API wants a pause' };
    case 'stopped':
      // It is held, or its end was asked for: the next step sees it.
      throw new StepInterrupted(task.id);
    case 'closed':
      return decidedIn(id, needs);
    case 'quiet':
      return withoutAnswer(id, needs);
  }
}

async function resultOf({ conversationId, number }: Message, asked: AgentRole, { store }: RunTaskNeeds) {
  const later = await store.conversations.messages(conversationId, number, mostMessages);
  return later.find(({ author, result }) => author === asked && result)?.result;
}

function stoppedBy(task: Task, reason: StopReason): Asked<never> {
  if (reason === 'lease-lost') throw new LeaseLost(task.id);
  if (reason === 'shutdown') throw new StepInterrupted(task.id);
  return { kind: 'stopped', reason };
}

/** Everything was read, and there is no answer: the agent had none, or its letter is dead. */
async function withoutAnswer(id: ConversationId, { store }: RunTaskNeeds): Promise<Asked<never>> {
  const dead = (await store.conversations.deadLetters(mostDeadLetters)).find(
    ({ message }) => message.conversationId === id,
  );
  return dead ? { kind: 'failed', reason: dead.reason } : { kind: 'unusable', reason: 'no answer' };
}

/** Who answers the question about a conversation with a decision ends it, and its last words are theirs. */
async function decidedIn(
  id: ConversationId,
  { store }: RunTaskNeeds,
): Promise<Asked<never> | { readonly kind: 'decided'; readonly words: string }> {
  const conversation = await store.conversations.get(id);
  const last = conversation && (await lastOf(conversation, store));
  return last?.author === 'human'
    ? { kind: 'decided', words: last.text }
    : { kind: 'unusable', reason: 'the conversation was ended' };
}

async function lastOf({ id, counts }: ConversationSummary, { conversations }: RunTaskNeeds['store']) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return conversations.message(id, total);
}

/** One conversation for each revision of a plan. */
function talkId({ id }: Task, revision: number): ConversationId {
  return createHash('sha256').update(`${id} plan ${revision}`).digest('hex').slice(0, idLength) as ConversationId;
}
