import type { ScopeLimit, Shortage } from '../../../domain/budget.ts';
import type { Mail } from '../../../domain/message.ts';
import type { Payment } from '../../conversations.ts';
import type { Statements } from '../database.ts';
import { record } from '../events.ts';
import { promptsOf, spendPrompt } from '../rounds.ts';
import { mail } from '../schema/conversations.ts';
import { scopeOfTask } from '../stored.ts';
import { holdWithTask } from './conversation-rows.ts';
import { holdWaiting, isLetter, letterOf } from './mail-rows.ts';

/** See `ConversationStore.pay`. */
export async function pay(statements: Statements, taken: Mail, limits: readonly ScopeLimit[]): Promise<Payment> {
  const letter = letterOf(taken);
  const held = await holdWithTask(statements, letter.conversationId);
  const waiting = held?.conversation.state.kind === 'open' ? await holdWaiting(statements, letter) : undefined;
  if (!held || !waiting) return { kind: 'passed' };
  if (waiting.isPaid) return { kind: 'paid' };

  const { conversation, promptLimit: limit } = held;
  const { taskId } = conversation;
  const spent = await promptsOf(statements, taskId);
  const shortage: Shortage | undefined =
    spent >= limit
      ? { scope: scopeOfTask(taskId), measure: 'prompts', limit, spent }
      : await spendPrompt(statements, taskId, limits);
  if (shortage) return { kind: 'short', shortage };
  await statements.update(mail).set({ isPaid: true }).where(isLetter(letter));
  const used = spent + 1;
  await record(statements, [{ news: { type: 'prompt.spent', taskId, agent: taken.agent, round: used, used, limit } }]);
  return { kind: 'paid' };
}
