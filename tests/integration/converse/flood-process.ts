import * as z from 'zod';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { publish } from '../../../src/workflows/converse/publish.ts';
import { serveMail } from '../../../src/workflows/converse/serve-mail.ts';
import { openMailNeeds } from '../../support/mail-needs.ts';

// A process that serves mail, as `spiral worker` does, with a model that answers at once. Each message of its parent is an
// order: so many messages are to be sent into a conversation; told back is its memory when they are there.

const orderSchema = z.object({
  conversation: z.string().transform((id) => id as ConversationId),
  first: z.number(),
  count: z.number(),
  text: z.string(),
});
const sendersAtOnce = 4;
/** The reader is told of one in so many messages, which is slower, and finds the others. */
const toldOnceIn = 10;
const reader = 'quality-assurance';

const { store, queue, needs, close } = await openMailNeeds('flood', { text: 'I am on it.' });

async function sendAll({ conversation, first, count, text }: z.infer<typeof orderSchema>): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => first + index).values();
  const send = async () => {
    for (const number of numbers) {
      const key = `flood-${number}`;
      const message = { conversationId: conversation, key, author: 'human', text, mentions: [reader] } as const;
      await (number % toldOnceIn === 0 ? publish(message, needs) : store.conversations.publish(message));
    }
  };
  await Promise.all(Array.from({ length: sendersAtOnce }, send));
}

const stop = new AbortController();
process.on('disconnect', () => stop.abort());
process.on('message', async (message) => {
  await sendAll(orderSchema.parse(message));
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapMegabytes: heapUsed / 1024 ** 2, residentMegabytes: rss / 1024 ** 2 });
});
await serveMail(queue, needs, stop.signal, () => process.send?.('ready'));
await close();
