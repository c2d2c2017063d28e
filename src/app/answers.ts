import { allocationOf } from '../domain/allocation.ts';
import { afterEscalation } from '../domain/conversation-rules.ts';
import { agentOfCycle } from '../domain/cycle.ts';
import { problemOfChoice, type Question } from '../domain/question.ts';
import { SpiralError } from '../spiral.ts';
import { NothingToMove, type Store } from '../store/store.ts';
import type { Parts } from './parts.ts';

/** Answers a question that offers choices, for a person. False when that was answered before. Throws `SpiralError`. */
export async function answerQuestion(
  question: Question,
  choice: string,
  text: string | undefined,
  store: Store,
  parts: Parts,
): Promise<boolean> {
  if (question.kind === 'tool-request') {
    throw new SpiralError(
      'usage',
      `Question ${question.id} is about a tool.`,
      `Decide it: spiral decide ${question.id} …`,
    );
  }
  const wrong = problemOfChoice(question, choice, text);
  if (wrong !== undefined) throw mistake(wrong);
  const { conversationId } = question;
  const conversation = conversationId && (await store.conversations.get(conversationId));
  if (conversation) {
    const after = afterEscalation(conversation, conversation.counts, choice, text);
    if (after.kind === 'problem') throw mistake(`${after.problem}.`);
  }
  if (question.kind === 'allocation') return allocate(question, choice, text, store, parts);
  return store.questions.answer(
    question.id,
    { kind: 'chosen', choice, ...(text === undefined ? {} : { text }) },
    'human',
  );
}

async function allocate(
  { id, shortage }: Question,
  choice: string,
  text: string | undefined,
  { questions }: Store,
  { budget }: Parts,
): Promise<boolean> {
  const allocation = allocationOf(choice, text);
  switch (allocation.kind) {
    case 'problem':
      throw mistake(`${allocation.problem}.`);
    case 'grant':
      return questions.answer(id, { kind: 'granted', amount: allocation.amount }, 'human');
    case 'wait':
      return questions.answer(id, { kind: 'chosen', choice: 'wait' }, 'human');
    case 'cancel':
      return questions.answer(id, { kind: 'refused' }, 'human');
    case 'move': {
      const { from: donor, amount } = allocation;
      const needy = shortage && agentOfCycle(shortage.scope);
      const [from, to] = [budget.cycles.shareOf(donor), needy && budget.cycles.shareOf(needy)];
      const poor = mistake(`The ${donor} has not ${amount} prompts to spare in this cycle.`);
      if (!from || !to) throw poor;
      return questions
        .answer(id, { kind: 'moved', from: donor, amount }, 'human', { from, to, prompts: amount })
        .catch((error: unknown) => {
          throw error instanceof NothingToMove ? poor : error;
        });
    }
  }
}

function mistake(problem: string): SpiralError {
  return new SpiralError('usage', problem, 'See what it offers: spiral pending');
}
