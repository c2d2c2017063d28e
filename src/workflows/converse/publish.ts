import type { Message } from '../../domain/message.ts';
import type { NewMessage } from '../../store/conversations.ts';
import type { ConverseNeeds } from './needs.ts';

/** Sends a message and tells whoever gets it. Undefined when the conversation is closed or unknown. */
export async function publish(
  message: NewMessage,
  { store, wake }: Pick<ConverseNeeds, 'store' | 'wake'>,
): Promise<Message | undefined> {
  const sent = await store.conversations.publish(message);
  const conversation = sent && (await store.conversations.get(message.conversationId));
  if (!conversation) return sent;
  const readers = conversation.members.filter((member) => member !== message.author);
  // Nobody waits for a queue that is away: mail that nobody was told of is found.
  for (const reader of readers) void wake(message.conversationId, reader);
  return sent;
}
