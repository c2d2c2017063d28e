import { questionsOf } from '../src/agents/roster.ts';
import { ownTemplates, templatesOf } from '../src/agents/template-files.ts';
import type { Llm, LlmQuestion } from '../src/llm/llm.ts';
import type { QueueConnection } from '../src/queue/bullmq/connection.ts';
import { openBullQueue } from '../src/queue/bullmq/open-bull-queue.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { ConverseNeeds } from '../src/workflows/converse/needs.ts';
import { serveMail, wakeThrough } from '../src/workflows/converse/serve-mail.ts';

// A process that handles mail, as `spiral worker` does, with a model that answers at once: tells its parent when it is ready,
// and ends when its parent lets go of it.

/** A courtesy: nobody answers it, so that each message has exactly one reply. */
const answer = { text: 'Done, thank you!' };

const llm: Llm = {
  isMetered: true,
  async ask<Answer>({ shape }: LlmQuestion<Answer>) {
    const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
    const read = shape.read(answer);
    if ('answer' in read) return { kind: 'answered', answer: read.answer, askedAgain: false, cost };
    return { kind: 'failed', message: 'only replies are asked for here', cost };
  },
};

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const redisUrl = process.env['REDIS_URL'];
const connection: QueueConnection = redisUrl === undefined ? { databaseUrl } : { redisUrl };
const report = (problem: unknown) => console.error(String(problem));
const store = await openPostgresStore({ databaseUrl });
const queue = openBullQueue(connection, { report });
const needs: ConverseNeeds = {
  store,
  llm,
  budget: {
    limitsOf: () => [],
    cycles: { shareOf: () => undefined, shares: () => [], moves: () => ({ scope: 'moves:0', limit: {} }) },
    atLimit: 'stop',
    unattended: { atLimit: 'wait', amounts: { prompts: 1, tokens: 1, usd: 1 } },
  },
  self: { pid: process.pid, startedAt: 'bench', namespace: 'bench' },
  report,
  conversations: { allowance: { each: 3, all: 15 }, attempts: 5, maxTokens: 8_000, maySpeakIn: () => true },
  wake: wakeThrough(queue, report),
  team: questionsOf(templatesOf(ownTemplates())),
};
const stop = new AbortController();
process.on('disconnect', () => stop.abort());
await serveMail(queue, needs, stop.signal, () => process.send?.('ready'));
await queue.close();
await store.close();
