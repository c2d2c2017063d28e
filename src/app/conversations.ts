import type { Config } from '../config/config.ts';
import { type AgentRole, agentRoles } from '../domain/agent.ts';
import type { Allowance } from '../domain/conversation.ts';
import type { ConversationId } from '../domain/identifiers.ts';
import { mentionsIn } from '../domain/mention.ts';
import { nearest } from '../domain/nearest.ts';
import type { Talk } from '../domain/task.ts';
import type { TalkWish } from '../spiral/conversations.ts';
import type { Spiral } from '../spiral.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import type { Refusal } from '../workflows/submit-task.ts';
import { newConversationId } from './new-ids.ts';
import type { Parts } from './parts.ts';

/** The part of the face of the system that is about conversations. */
export function conversationsOf(
  parts: Parts,
  wake: RunTaskNeeds['wake'],
): Pick<
  Spiral,
  'conversations' | 'findConversations' | 'messages' | 'say' | 'closeConversation' | 'deadLetters' | 'resend'
> {
  const conversations = async () => (await parts.store()).conversations;
  const wakeAll = async (id: ConversationId, agents: readonly AgentRole[]) => {
    await Promise.all(agents.map((agent) => wake(id, agent)));
  };
  return {
    conversations: async (limit) => (await conversations()).list(limit),
    findConversations: async (idPrefix) => (await conversations()).find(idPrefix),
    messages: async (id, after, limit) => (await conversations()).messages(id, after, limit),
    async say(id, text, key = newConversationId()) {
      const store = await conversations();
      const conversation = await store.get(id);
      if (!conversation) return undefined;
      const { members } = conversation;
      const message = await store.publish({
        conversationId: id,
        key: `said-${key}`,
        author: 'human',
        text: text.trim(),
        mentions: mentionsIn(text, members),
      });
      if (message) await wakeAll(id, members);
      return message;
    },
    closeConversation: async (id) => (await conversations()).close(id, 'closed by a person'),
    deadLetters: async (limit) => (await conversations()).deadLetters(limit),
    async resend(id, number, agent) {
      const isBack = await (await conversations()).resend(id, number, agent);
      if (isBack) await wakeAll(id, [agent]);
      return isBack;
    },
  };
}

/** What a task is that is said to agents: a new conversation, or one that is over and goes on. */
export async function talkOf(wish: TalkWish, parts: Parts): Promise<Talk | Refusal> {
  if (wish.conversation !== undefined) {
    const known = await (await parts.store()).conversations.get(wish.conversation);
    if (!known) return { problem: `There is no conversation ${wish.conversation}.`, cure: 'See spiral messages.' };
    return { conversationId: known.id, topic: known.topic, members: known.members };
  }
  const topic = wish.topic?.trim() ?? 'general';
  const listeners = parts.topics[topic];
  if (!listeners && (wish.topic !== undefined || !wish.to)) {
    const guess = nearest(topic, Object.keys(parts.topics));
    const cure = guess === undefined ? `There are: ${Object.keys(parts.topics).join(', ')}.` : `Did you mean ${guess}?`;
    return { problem: `There is no topic “${topic}”.`, cure };
  }
  return { conversationId: newConversationId(), topic, members: wish.to ?? listeners ?? [] };
}

/** How many messages a new conversation may have, as it is configured. */
export function allowanceFrom({ system, agents }: Pick<Config, 'system' | 'agents'>): Allowance {
  const own = agentRoles
    .map((role) => [role, agents[role].maxMessagesPerConversation] as const)
    .filter(([, most]) => most !== system.maxMessagesPerAgent);
  const limited = own.length === 0 ? {} : { own: Object.fromEntries(own) };
  return { each: system.maxMessagesPerAgent, all: system.escalationThreshold, ...limited };
}
