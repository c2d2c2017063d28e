import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { conversationStage } from './stage.ts';

const flood = 10_000;
/** So many are sent at first, and as many at last; sending takes longer than everything else. */
const few = 1_500;
/** Of each, in characters: all of them together are more than the process may have. */
const textLength = 8_000;
/** Of objects that stay, for a process whose modules take less than 30 of them. */
const mostMegabytes = 96;
const noMoreMegabytes = 5;

const text = 'What do we test next, @qa? '.padEnd(textLength, 'And so on. ');

const stage = conversationStage();
const memorySchema = z.object({ heapMegabytes: z.number() });
let child: ChildProcess;

afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.disconnect();
  await over;
});

test('a flood of ten thousand messages takes no memory of the process that serves mail, and asks a person once', async () => {
  const id = await stage.opened(
    { members: ['quality-assurance'], allowance: { each: 100, all: 3 } },
    { promptLimit: 100 },
  );
  child = fork(resolve(import.meta.dirname, 'flood-process.ts'), {
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: stage.databaseUrl,
      // The server dies in no test of this file, and need not bring each message to the disk.
      PGOPTIONS: '-c synchronous_commit=off',
    },
    execArgv: ['--import', 'tsx', '--expose-gc', `--max-old-space-size=${mostMegabytes}`],
  });
  expect(await told()).toBe('ready');
  const afterFew = await sent(id, 0, few);
  await lieThere(id, flood - 2 * few);
  const afterAll = await sent(id, flood - few, few);
  expect(afterAll.heapMegabytes).toBeLessThan(afterFew.heapMegabytes + noMoreMegabytes);
  await expect.poll(() => spoken(id)).toEqual({ state: 'escalated', replies: 3, questions: 1, unread: flood - 3 });

  const [question] = await stage.store.questions.open();
  await stage.store.questions.answer(question?.id ?? '', { kind: 'chosen', choice: 'continue', text: '2' }, 'human');
  await expect
    .poll(() => spoken(id), { timeout: 20_000 })
    .toEqual({ state: 'escalated', replies: 5, questions: 2, unread: flood - 5 });
  expect(await stage.store.conversations.close(id, 'enough')).toBe(true);
  expect(await spoken(id)).toEqual({ state: 'closed', replies: 5, questions: 2, unread: 0 });
  const afterwards = await sent(id, flood, 0);
  expect(afterwards.heapMegabytes).toBeLessThan(afterFew.heapMegabytes + noMoreMegabytes);
});

/** As if so many messages had been sent meanwhile. */
async function lieThere(id: ConversationId, count: number): Promise<void> {
  const { pool } = stage.store;
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(
      'select last_number as number from spiral.conversations where id = $1 for update',
      [id],
    );
    const before: number = rows[0].number;
    await client.query(
      `insert into spiral.messages (conversation_id, number, key, author, text, mentions)
       select $1, $2 + n, 'lies-' || n, 'human', $4, '{quality-assurance}' from generate_series(1, $3::int) n`,
      [id, before, count, text],
    );
    await client.query(
      `insert into spiral.mail (conversation_id, number, agent)
       select $1, $2 + n, 'quality-assurance' from generate_series(1, $3::int) n`,
      [id, before, count],
    );
    await client.query(
      `update spiral.conversations set last_number = $2,
       counts = counts || jsonb_build_object('human', (counts->>'human')::int + $3::int) where id = $1`,
      [id, before + count, count],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** Its memory once it has sent so many messages. */
async function sent(conversation: ConversationId, first: number, count: number) {
  child.send({ conversation, first, count, text });
  return memorySchema.parse(await told());
}

/** What the process says next; one that died says nothing. */
async function told(): Promise<unknown> {
  const enough = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: enough.signal }).then(([message]) => message),
      once(child, 'exit', { signal: enough.signal }).then(([code, signal]) => {
        throw new Error(`the process ended with ${code ?? signal}`);
      }),
    ]);
  } finally {
    enough.abort();
  }
}

async function spoken(id: ConversationId) {
  const conversation = await stage.store.conversations.get(id);
  return {
    state: conversation?.state.kind,
    replies: conversation?.counts['quality-assurance'],
    questions: await questionsAsked(id),
    unread: conversation?.unread,
  };
}

async function questionsAsked(id: ConversationId): Promise<number> {
  const taskId = (await stage.store.conversations.get(id))?.taskId;
  const { rows } = await stage.store.pool.query(
    `select count(*)::int as asked from spiral.events where task_id = $1 and type = 'question.asked'`,
    [taskId],
  );
  return rows[0].asked;
}
