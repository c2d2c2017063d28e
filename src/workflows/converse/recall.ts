import type { Told } from '../../agents/conversation-questions.ts';
import type { Conversation } from '../../domain/conversation.ts';
import { extractiveSummary, memoryFor, summaryTokens } from '../../domain/conversation-memory.ts';
import type { Message } from '../../domain/message.ts';
import type { Task } from '../../domain/task.ts';
import { cutToTokens, tokensOf } from '../../domain/tokens.ts';
import { askFor } from './ask-for.ts';
import type { ConverseNeeds } from './needs.ts';

/** At once; where more came in the meantime, they are summed up in several steps. */
const mostMessages = 500;
/** Of what an agent is told: a summary of more would be too long a question. */
const mostSummedUp = 4;
/** Of what an agent is told, for what others answered to the same message. */
const answersShare = 1 / 4;

/**
 * What an agent is told of a conversation before it answers one of its messages: what was said before it, older messages
 * summed up, and what others have answered to it already.
 */
export async function recall(
  task: Task,
  conversation: Conversation,
  { number: before }: Pick<Message, 'number'>,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<Told> {
  const { id, topic, members } = conversation;
  const answersTokens = needs.conversations.maxTokens * answersShare;
  let { memory } = conversation;
  for (;;) {
    const messages = await needs.store.conversations.messages(id, memory.upTo, mostMessages);
    const known = messages.filter(({ number }) => number < before);
    const { summary, verbatim, toSummarise } = memoryFor(memory, known, memoryTokens(needs));
    const isAll = messages.length < mostMessages || known.length < messages.length;
    const due = isAll ? toSummarise : known;
    const last = due.at(-1);
    if (!last) {
      const answers = messages.filter(({ answers }) => answers === before);
      const told = answers.map((one) => ({ ...one, text: cutToTokens(one.text, answersTokens / answers.length) }));
      return { topic, members, earlier: summary, messages: [...verbatim, ...told] };
    }
    const { text, isLasting } = await summed(task, summary, due, needs, signal);
    memory = { summary: text, upTo: last.number };
    if (isLasting) await needs.store.conversations.remember(id, memory);
  }
}

/**
 * By the model; where it gives no answer, there is no budget, or it is too much for one question, what was said in its own
 * words. These last only when the model could be asked no better later.
 */
async function summed(
  task: Task,
  summary: string,
  messages: readonly Message[],
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly isLasting: boolean }> {
  const tokens = summaryTokens(memoryTokens(needs));
  const ownWords = () => extractiveSummary(summary, messages, tokens);
  const told = messages.reduce((sum, { text }) => sum + tokensOf(text), 0);
  if (told > mostSummedUp * needs.conversations.maxTokens) return { text: ownWords(), isLasting: true };
  const ending = await askFor(task, needs.team.conversation.summary(summary, messages, tokens), needs, signal);
  if (ending.kind === 'answered') return { text: cutToTokens(ending.answer.text, tokens), isLasting: true };
  return { text: ownWords(), isLasting: ending.kind !== 'aborted' && ending.kind !== 'paused' };
}

function memoryTokens({ conversations }: ConverseNeeds): number {
  return conversations.maxTokens * (1 - answersShare);
}
