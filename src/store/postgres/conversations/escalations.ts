import { eq } from 'drizzle-orm';
import { type AfterEscalation, afterEscalation } from '../../../domain/conversation-rules.ts';
import type { News } from '../../../domain/event.ts';
import type { ConversationId } from '../../../domain/identifiers.ts';
import type { Answer } from '../../../domain/question.ts';
import type { Escalation } from '../../conversations.ts';
import type { Statements } from '../database.ts';
import { conversations } from '../schema/conversations.ts';
import { questions } from '../schema/questions.ts';
import { close } from './closing.ts';
import { type HeldConversation, holdConversation } from './conversation-rows.ts';
import { send } from './send.ts';

/** Asks a person how a conversation that is held with its task goes on; it is quiet until they have answered. */
export async function escalate(
  statements: Statements,
  { id: conversationId, taskId, silenced }: HeldConversation,
  { question, reason, silenced: agent }: Escalation,
): Promise<News[]> {
  const { id: questionId, kind, text, choices, shortage } = question;
  const offered = choices ? { choices: [...choices] } : {};
  await statements
    .insert(questions)
    .values({ id: questionId, taskId, conversationId, kind, text, shortage: shortage ?? null, ...offered });
  await statements
    .update(conversations)
    .set({
      state: { kind: 'escalated', questionId },
      silenced: agent === undefined ? [...silenced] : [...new Set([...silenced, agent])],
    })
    .where(eq(conversations.id, conversationId));
  return [
    { type: 'conversation.escalated', taskId, conversationId, questionId, reason },
    { type: 'question.asked', taskId, questionId, kind, text, ...offered },
  ];
}

/**
 * Does to a conversation what a person answered to its question; the task is held. Undefined, with nothing changed, when the
 * question is not open, or when that is no answer to it. The news is for the caller to record.
 */
export async function answerEscalation(
  statements: Statements,
  conversationId: ConversationId,
  questionId: string,
  answer: Answer,
): Promise<News[] | undefined> {
  const conversation = await holdConversation(statements, conversationId);
  if (conversation?.state.kind !== 'escalated' || conversation.state.questionId !== questionId) return undefined;
  const after = afterAnswer(conversation, answer);
  if (after.kind === 'problem') return undefined;

  const news: News[] = [];
  if (after.message !== undefined) {
    const said = { key: `answer:${questionId}`, author: 'human', text: after.message, mentions: [] } as const;
    news.push((await send(statements, conversation, said)).news);
  }
  if (after.state.kind === 'closed') return [...news, await close(statements, conversation, after.state.reason)];
  const { each, all } = after.allowance;
  await statements
    .update(conversations)
    .set({ state: after.state, allowanceEach: each, allowanceAll: all, allowanceOwn: null })
    .where(eq(conversations.id, conversationId));
  return news;
}

/** Whoever refuses lets nobody go on. */
function afterAnswer(conversation: HeldConversation, answer: Answer): AfterEscalation {
  if (answer.kind === 'chosen') {
    return afterEscalation(conversation, conversation.counts, answer.choice, answer.text);
  }
  if (answer.kind === 'refused') return afterEscalation(conversation, conversation.counts, 'close');
  return { kind: 'problem', problem: 'nothing is granted to a conversation' };
}
