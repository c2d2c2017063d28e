import { counted, duration } from '../../domain/amounts.ts';
import type { DeadLetter, Message } from '../../domain/message.ts';
import type { ConversationReport } from '../../spiral/conversations.ts';
import { agentNames } from '../agent-names.ts';
import { oneLine } from '../plain-text.ts';
import { messageLines, nameOfSpeaker } from './talking.ts';

const textWidth = 60;

/** `spiral messages`: a line for each conversation. */
export function conversationLines(conversations: readonly ConversationReport[], now: number): string[] {
  if (conversations.length === 0) return ['No conversations yet. Begin one: spiral talk "…"'];
  const dead = conversations.reduce((sum, one) => sum + one.dead, 0);
  const hint = `${counted(dead, 'message')} could not be handled: spiral messages dead`;
  return [
    ...conversations.map((one) => {
      const age = `${duration(now - one.lastAt.getTime())} ago`.padEnd(16);
      const said = counted(messagesIn(one), 'message').padEnd(12);
      return `${one.id}  ${statusOf(one).padEnd(16)} ${age} ${said} task ${one.taskId}  ${one.topic}`;
    }),
    ...(dead === 0 ? [] : ['', hint]),
  ];
}

/** `spiral messages show ID`: what was said, and how it stands. */
export function conversationDetails(one: ConversationReport, messages: readonly Message[]): string[] {
  const said = one.members.map((agent) => `${agentNames[agent]} ${one.counts[agent] ?? 0}`).join(', ');
  return [
    `💬 Conversation ${one.id} on ${one.topic}, of task ${one.taskId}: ${statusOf(one)}`,
    `   ${said}; each may send ${one.allowance.each}, all together ${one.allowance.all}`,
    ...messages.flatMap((message) => messageLines(message)),
    ...(one.state.kind === 'escalated'
      ? ['', `✋ It waits for you: spiral pending (question ${one.state.questionId})`]
      : []),
  ];
}

/** `spiral messages dead`. */
export function deadLetterLines(letters: readonly DeadLetter[], now: number): string[] {
  if (letters.length === 0) return ['✅ Every message was handled.'];
  return letters.flatMap(({ agent, message, reason, attempts, at }, index) => {
    const { conversationId, number, author, text } = message;
    return [
      ...(index === 0 ? [] : ['']),
      `⚠️  ${conversationId} ${number}. ${nameOfSpeaker(author)} to ${agentNames[agent]}, ${duration(now - at.getTime())} ago: ${oneLine(text, textWidth)}`,
      `   tried ${counted(attempts, 'time')}: ${oneLine(reason, textWidth * 2)}`,
      `   send it again: spiral messages resend ${conversationId} ${number} ${agent}`,
    ];
  });
}

function statusOf({ state, unread }: ConversationReport): string {
  switch (state.kind) {
    case 'open':
      return unread === 0 ? 'quiet' : 'talking';
    case 'escalated':
      return 'waiting for you';
    case 'closed':
      return 'over';
  }
}

function messagesIn({ counts }: ConversationReport): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
