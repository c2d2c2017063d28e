import { counted } from '../../domain/amounts.ts';
import type { Message, Speaker } from '../../domain/message.ts';
import type { ConversationReport } from '../../spiral/conversations.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { age, code, dotted, listed } from './list.ts';
import { plainLine } from './text.ts';
import { voices } from './voices.ts';

const mostOfMessage = 160;

/** What agents say to each other and to people, a line for each conversation. */
export function conversationsList(conversations: readonly ConversationReport[], nowMs: number): Outgoing {
  if (conversations.length === 0) return { content: 'No agents have talked to each other yet. Let them: /talk' };
  const dead = conversations.reduce((sum, one) => sum + one.dead, 0);
  const lines = conversations.map((one) =>
    dotted(
      `${code(one.id)} ${statusOf(one)}`,
      plainLine(one.topic, mostOfMessage),
      counted(messagesIn(one), 'message'),
      `task ${code(one.taskId)}`,
      age(nowMs, one.lastAt),
    ),
  );
  const heading = '**Conversations, latest first**';
  return listed(dead === 0 ? heading : `${heading} · ⚠️ ${counted(dead, 'message')} could not be handled`, lines);
}

/** People's and agents' together; the numbers of messages have no gaps. */
export function messagesIn({ counts }: Pick<ConversationReport, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What was said in one: the newest in short, all that is given as a file. */
export function conversationDetails(one: ConversationReport, messages: readonly Message[]): Outgoing {
  const heading = dotted(`**💬 Conversation** ${code(one.id)} ${statusOf(one)}`, `task ${code(one.taskId)}`);
  const newest = messages
    .toReversed()
    .map(
      ({ number, author, text }) =>
        `${number}. ${signOf(author)} **${nameOf(author)}** ${plainLine(text, mostOfMessage)}`,
    );
  const whole = messages.map(
    ({ number, author, at, text }) => `${number}. ${nameOf(author)}, ${at.toISOString()}\n\n${text}\n`,
  );
  return {
    ...listed(heading, newest),
    ...(messages.length === 0
      ? {}
      : { files: [{ name: `conversation-${one.id}.md`, content: new TextEncoder().encode(whole.join('\n')) }] }),
  };
}

function statusOf({ state, unread }: ConversationReport): string {
  switch (state.kind) {
    case 'open':
      return unread === 0 ? '💤 quiet' : '💬 talking';
    case 'escalated':
      return '❓ waits for you: see /pending';
    case 'closed':
      return '🔚 over';
  }
}

function nameOf(author: Speaker): string {
  return author === 'human' ? 'You' : voices[author].name;
}

function signOf(author: Speaker): string {
  return author === 'human' ? '🙋' : voices[author].sign;
}
