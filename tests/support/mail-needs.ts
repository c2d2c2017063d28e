import { questionsOf } from '../../src/agents/roster.ts';
import { ownTemplates, templatesOf } from '../../src/agents/template-files.ts';
import type { Llm, LlmQuestion } from '../../src/llm/llm.ts';
import type { QueueConnection } from '../../src/queue/bullmq/connection.ts';
import { openBullQueue } from '../../src/queue/bullmq/open-bull-queue.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { ConverseNeeds } from '../../src/workflows/converse/needs.ts';
import { wakeThrough } from '../../src/workflows/converse/serve-mail.ts';

/**
 * What a process needs that serves mail as `spiral worker` does, over the stores that the environment names, with a model that
 * gives one answer at once.
 *
 * @param name of the process, among those that serve beside it
 */
export async function openMailNeeds(name: string, answer: { readonly text: string }) {
  const databaseUrl = process.env['DATABASE_URL'] ?? '';
  const redisUrl = process.env['REDIS_URL'];
  const connection: QueueConnection = redisUrl === undefined ? { databaseUrl } : { redisUrl };
  const report = (problem: unknown) => console.error(String(problem));
  const store = await openPostgresStore({ databaseUrl });
  const queue = openBullQueue(connection, { report });
  const needs: ConverseNeeds = {
    store,
    llm: answering(answer),
    budget: {
      limitsOf: () => [],
      cycles: { shareOf: () => undefined, shares: () => [], moves: () => ({ scope: 'moves:0', limit: {} }) },
      atLimit: 'stop',
      unattended: { atLimit: 'wait', amounts: { prompts: 1, tokens: 1, usd: 1 } },
    },
    self: { pid: process.pid, startedAt: name, namespace: name },
    report,
    conversations: { allowance: { each: 3, all: 15 }, attempts: 5, maxTokens: 8_000, maySpeakIn: () => true },
    wake: wakeThrough(queue, report),
    team: questionsOf(templatesOf(ownTemplates())),
  };
  const close = async () => {
    await queue.close();
    await store.close();
  };
  return { store, queue, needs, close };
}

function answering(answer: { readonly text: string }): Llm {
  return {
    isMetered: true,
    async ask<Answer>({ shape }: LlmQuestion<Answer>) {
      const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
      const read = shape.read(answer);
      if ('answer' in read) return { kind: 'answered', answer: read.answer, askedAgain: false, cost };
      return { kind: 'failed', message: 'only texts are asked for here', cost };
    },
  };
}
