import * as z from 'zod';
import { questionsOf } from '../../../src/agents/roster.ts';
import { ownTemplates, templatesOf } from '../../../src/agents/template-files.ts';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { Llm, LlmQuestion } from '../../../src/llm/llm.ts';
import { openBullQueue } from '../../../src/queue/bullmq/open-bull-queue.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { publish } from '../../../src/workflows/converse/publish.ts';
import { serveMail, wakeThrough } from '../../../src/workflows/converse/serve-mail.ts';

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

const llm: Llm = {
  isMetered: true,
  async ask<Answer>({ shape }: LlmQuestion<Answer>) {
    const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
    const read = shape.read({ text: 'I am on it.' });
    if ('answer' in read) return { kind: 'answered', answer: read.answer, askedAgain: false, cost };
    return { kind: 'failed', message: 'only texts are asked for here', cost };
  },
};

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const report = (problem: unknown) => console.error(String(problem));
const store = await openPostgresStore({ databaseUrl });
const queue = openBullQueue({ databaseUrl }, { report });
const needs: ConverseNeeds = {
  store,
  llm,
  budget: {
    limitsOf: () => [],
    cycles: { shareOf: () => undefined, shares: () => [], moves: () => ({ scope: 'moves:0', limit: {} }) },
    atLimit: 'stop',
    unattended: { atLimit: 'wait', amounts: { prompts: 1, tokens: 1, usd: 1 } },
  },
  self: { pid: process.pid, startedAt: 'flood', namespace: 'flood' },
  report,
  conversations: { allowance: { each: 3, all: 15 }, attempts: 5, maxTokens: 8_000, maySpeakIn: () => true },
  wake: wakeThrough(queue, report),
  team: questionsOf(templatesOf(ownTemplates())),
};

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
await queue.close();
await store.close();
