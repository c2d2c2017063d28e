import { nextForMail } from '../../domain/conversation-rules.ts';
import type { ConversationId } from '../../domain/identifiers.ts';
import type { Mail, Relevance } from '../../domain/message.ts';
import type { Task } from '../../domain/task.ts';
import type { ConversationSummary } from '../../store/conversations.ts';
import { speakingFor } from './ask-for.ts';
import { escalationOf } from './escalate.ts';
import type { ConverseNeeds, Halt } from './needs.ts';
import { rate } from './rate.ts';
import { writeReply } from './write-reply.ts';

/** What became of one mail. */
export type Handled = { readonly kind: 'handled' } | Halt;

const handled = { kind: 'handled' } as const;

/** Lets an agent deal with one of its mails: it says nothing, answers, or brings the conversation before a person. */
export async function handleMail(
  id: ConversationId,
  mail: Mail,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<Handled> {
  const { conversations, tasks } = needs.store;
  let relevance: Relevance | undefined = mail.message.relevance;
  for (;;) {
    const conversation = await conversations.get(id);
    const task = conversation && (await tasks.get(conversation.taskId));
    if (!conversation || !task) return handled;
    if (signal.aborted || task.cancelRequested || task.isHeld || !needs.conversations.maySpeakIn(task)) {
      return givenBack(mail, { kind: 'stopped' }, needs);
    }
    const { agent, message } = mail;
    const { counts } = conversation;
    const decision = nextForMail({ conversation, counts, agent, message, relevance: relevance?.[agent] });
    switch (decision.kind) {
      case 'wait':
        return givenBack(mail, handled, needs);
      case 'rate': {
        const rated = await rate(task, conversation, message, needs, signal);
        if (rated.kind !== 'rated') return givenBack(mail, rated, needs);
        relevance = rated.relevance;
        continue;
      }
      case 'decline':
        await conversations.settle(mail, { ...decision, kind: 'declined' });
        return handled;
      case 'escalate':
        await conversations.settle(mail, { ...(await escalationOf(conversation, decision, needs)), kind: 'escalated' });
        return handled;
      case 'reply': {
        const came = await reply(task, conversation, mail, needs, signal);
        if (came.kind !== 'no-room') return came;
      }
    }
  }
}

async function reply(
  task: Task,
  conversation: ConversationSummary,
  mail: Mail,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<Handled | { readonly kind: 'no-room' }> {
  const { conversations } = needs.store;
  const { agent } = mail;
  const payment = await conversations.pay(mail, needs.budget.limitsOf(speakingFor(task, agent)));
  if (payment.kind === 'passed') return handled;
  if (payment.kind === 'short') return givenBack(mail, payment, needs);
  const ending = await writeReply(task, conversation, mail, needs, signal);
  switch (ending.kind) {
    case 'written': {
      const settled = await conversations.settle(mail, ending.result);
      if (settled.kind === 'no-room') return settled;
      const readers = conversation.members.filter((member) => member !== agent);
      for (const reader of readers) void needs.wake(conversation.id, reader);
      return handled;
    }
    case 'out-of-budget':
      return givenBack(mail, { kind: 'short', shortage: ending.shortage }, needs);
    case 'paused':
      return givenBack(mail, { kind: 'paused', until: ending.until }, needs);
    case 'aborted':
      return givenBack(mail, { kind: 'stopped' }, needs);
    case 'unusable':
      await conversations.fail(mail, `no usable answer: ${ending.problems.join('; ')}`, needs.conversations.attempts);
      return handled;
    case 'failed':
      await conversations.fail(mail, ending.message, needs.conversations.attempts);
      return handled;
  }
}

/** The mail waits for something else than its agent. */
async function givenBack<Result extends Handled>(
  mail: Mail,
  result: Result,
  { store }: ConverseNeeds,
): Promise<Result> {
  await store.conversations.giveBack(mail, result.kind === 'paused' ? result.until : undefined);
  return result;
}
