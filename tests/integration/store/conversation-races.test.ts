import { expect, test } from 'vitest';
import { agentRoles } from '../../../src/domain/agent.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { attempts, escalation, letTimePass, messageOf, opened, reply, toldOf } from './conversation-examples.ts';

const rounds = 60;
const handlers = 4;

test('whoever reads, pays, answers, speaks and closes at the same moment, the limits hold and nothing is counted twice', async () => {
  const database = await testDatabase();
  const store = await openPostgresStore({ databaseUrl: database.url });
  const others = await Promise.all(
    Array.from({ length: handlers }, () => openPostgresStore({ databaseUrl: database.url })),
  );
  const { id, writer } = await opened(store, { allowance: { each: 2, all: 5 } });
  const limits = [{ scope: 'all', limit: { prompts: 1_000 } }] as const;

  const handling = others.map(async ({ conversations }, handler) => {
    for (let round = 0; round < rounds; round++) {
      const mail = await conversations.take(id, attempts);
      if (!mail) continue;
      await conversations.pay(mail, limits);
      // Nobody has a claim here: the same mail is settled by two.
      const [settled] = await Promise.all([
        conversations.settle(mail, reply),
        conversations.settle(mail, round % 5 === handler ? { kind: 'declined', reason: 'no' } : reply),
      ]);
      if (settled.kind === 'no-room') await conversations.settle(mail, escalation({ silenced: mail.agent }));
    }
  });
  const speaking = (async () => {
    for (let round = 0; round < rounds; round++) {
      await store.conversations.publish(messageOf(id));
      for (const { id: question } of await store.questions.open()) {
        await store.questions.answer(question, { kind: 'chosen', choice: 'continue', text: '2' }, 'human');
      }
      await letTimePass(store, id);
      await store.conversations.withMail(10);
    }
  })();
  await Promise.all([...handling, speaking]);

  const conversation = await store.conversations.get(id);
  const messages = await store.conversations.messages(id, 0, 10_000);
  expect(messages.map(({ number }) => number)).toEqual(messages.map((_, index) => index + 1));
  const counts = conversation?.counts ?? {};
  for (const speaker of [...agentRoles, 'human'] as const) {
    expect(messages.filter(({ author }) => author === speaker)).toHaveLength(counts[speaker] ?? 0);
  }
  const sent = agentRoles.map((role) => counts[role] ?? 0);
  expect(Math.max(...sent)).toBeGreaterThan(2);
  expect(Math.max(...sent)).toBeLessThanOrEqual(conversation?.allowance.each ?? 0);
  expect(sent.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(conversation?.allowance.all ?? 0);
  const replies = messages
    .filter(({ author }) => author !== 'human')
    .map(({ author, answers }) => `${answers} ${author}`);
  expect(new Set(replies).size).toBe(replies.length);

  const told = await toldOf(store, writer.taskId);
  expect(told.flatMap((event) => (event.type === 'message.sent' ? [event.number] : []))).toEqual(
    messages.map(({ number }) => number),
  );
  const { rows } = await store.pool.query('select count(*)::int as paid from spiral.mail where is_paid');
  expect((await store.tasks.get(writer.taskId))?.promptsUsed).toBe(rows[0].paid);
  expect((await store.budgets.standing('all')).spent.prompts).toBe(rows[0].paid);

  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, []);
  expect(await store.conversations.get(id)).toMatchObject({ state: { kind: 'closed' }, unread: 0 });
  await Promise.all([store, ...others].map((one) => one.close()));
  await database.drop();
});
