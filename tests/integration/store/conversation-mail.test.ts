import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  attempts,
  drained,
  escalation,
  letTimePass,
  mailFor,
  messageOf,
  type OpenStore,
  opened,
  reply,
  toldOf,
} from './conversation-examples.ts';
import { newTaskId } from './examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: OpenStore;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

async function listed(id: ConversationId): Promise<string[]> {
  return (await store.conversations.withMail(1_000))
    .filter((one) => one.id === id)
    .map(({ agent }) => agent)
    .sort();
}

test('mail is taken by the number of its message and then by the order of the roles', async () => {
  const { id } = await opened(store, { members: ['quality-assurance', 'developer', 'project-manager'] });
  await store.conversations.publish(messageOf(id));
  await store.conversations.publish(messageOf(id, { author: 'project-manager' }));
  expect(await listed(id)).toEqual(['developer', 'project-manager', 'quality-assurance']);
  expect(await drained(store, id)).toEqual([
    '1 developer',
    '1 project-manager',
    '1 quality-assurance',
    '2 developer',
    '2 quality-assurance',
  ]);
  expect(await listed(id)).toEqual([]);
  expect(await store.conversations.nextAt(id)).toBeUndefined();
});

test('mail that waits holds back what lies behind it in its inbox, and no other inbox', async () => {
  const { id } = await opened(store);
  await store.conversations.publish(messageOf(id));
  await store.conversations.publish(messageOf(id));
  expect(await store.conversations.take(id, attempts)).toMatchObject({ agent: 'developer', message: { number: 1 } });
  expect(await drained(store, id)).toEqual([
    '1 project-manager',
    '1 quality-assurance',
    '2 project-manager',
    '2 quality-assurance',
  ]);
  await letTimePass(store, id);
  expect(await drained(store, id)).toEqual(['1 developer', '2 developer']);
});

test('each attempt is counted before it begins and puts the next one off for longer, and the last one for good', async () => {
  const { id, writer } = await opened(store, { members: ['developer'] });
  await store.conversations.publish(messageOf(id));
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 6; attempt++) {
    const before = Date.now();
    expect(await store.conversations.take(id, 6)).toMatchObject({ attempts: attempt, isPaid: false });
    expect(await store.conversations.take(id, 6)).toBeUndefined();
    expect(await listed(id)).toEqual([]);
    pauses.push(Math.round((Number(await store.conversations.nextAt(id)) - before) / 1_000));
    await letTimePass(store, id);
  }
  expect(pauses).toEqual([1, 4, 16, 64, 256, 300]);
  expect(await store.conversations.take(id, 6)).toBeUndefined();
  expect(await store.conversations.nextAt(id)).toBeUndefined();
  const reason = 'it was begun 6 times and never came to an end';
  expect(await store.conversations.deadLetters(10)).toMatchObject([
    { agent: 'developer', message: { conversationId: id, number: 1 }, attempts: 6, reason, at: expect.any(Date) },
  ]);
  expect((await toldOf(store, writer.taskId)).slice(1)).toMatchObject([
    { type: 'message.undeliverable', conversationId: id, number: 1, agent: 'developer', reason },
  ]);
});

test('of ten who take at once each gets another mail', async () => {
  const { id } = await opened(store);
  await store.conversations.publish(messageOf(id));
  const taken = await Promise.all(Array.from({ length: 10 }, () => store.conversations.take(id, attempts)));
  const agents = taken.flatMap((mail) => (mail ? [mail.agent] : []));
  expect(agents.sort()).toEqual(['developer', 'project-manager', 'quality-assurance']);
});

test('mail that failed is tried again until its attempts are used; then it is dead, and a person can send it again', async () => {
  const { id, writer } = await opened(store, { members: ['developer'] });
  await store.conversations.publish(messageOf(id));
  await store.conversations.publish(messageOf(id));
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await letTimePass(store, id);
    const mail = await store.conversations.take(id, attempts);
    if (!mail) throw new Error('there is mail');
    await store.conversations.fail(mail, `broken ${attempt}`, attempts);
    await store.conversations.fail(mail, `broken ${attempt}`, attempts);
  }
  expect(await store.conversations.get(id)).toMatchObject({ unread: 1, dead: 1 });
  expect((await toldOf(store, writer.taskId)).slice(2)).toMatchObject([
    { type: 'message.undeliverable', taskId: writer.taskId, number: 1, agent: 'developer', reason: 'broken 3' },
  ]);
  // What lies behind it is not held back any more.
  expect(await drained(store, id)).toEqual(['2 developer']);

  expect(await store.conversations.resend(id, 2, 'developer')).toBe(false);
  expect(await store.conversations.resend(id, 1, 'developer')).toBe(true);
  expect(await store.conversations.resend(id, 1, 'developer')).toBe(false);
  expect(await store.conversations.get(id)).toMatchObject({ unread: 1, dead: 0 });
  expect(await store.conversations.take(id, attempts)).toMatchObject({ attempts: 1, message: { number: 1 } });
});

test('a dead letter of a closed conversation stays dead', async () => {
  const { id } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  await store.conversations.fail({ ...mail, attempts }, 'broken', attempts);
  await store.conversations.close(id, 'over');
  expect(await store.conversations.resend(id, 1, 'developer')).toBe(false);
  expect(await store.conversations.get(id)).toMatchObject({ unread: 0, dead: 1 });
});

test('mail that is given back waits for its time and has lost no attempt', async () => {
  const { id } = await opened(store, { members: ['developer'] });
  const mail = await mailFor(store, id, 'developer');
  await store.conversations.giveBack(mail);
  const again = await store.conversations.take(id, attempts);
  expect(again).toEqual(mail);
  const until = new Date(Date.now() + 3_600_000);
  await store.conversations.giveBack(mail, until);
  await store.conversations.giveBack(mail);
  expect(await store.conversations.take(id, attempts)).toBeUndefined();
  expect(await store.conversations.nextAt(id)).toEqual(until);
  await letTimePass(store, id);
  expect(await store.conversations.take(id, attempts)).toEqual(mail);
});

test('nothing is given of a conversation that is escalated or closed', async () => {
  const { id } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  await store.conversations.settle(mail, escalation());
  expect([await store.conversations.take(id, attempts), await store.conversations.nextAt(id)]).toEqual([
    undefined,
    undefined,
  ]);
  expect(await listed(id)).toEqual([]);
  expect((await store.conversations.get(id))?.unread).toBe(3);
  await store.conversations.close(id, 'over');
  expect(await store.conversations.take(id, attempts)).toBeUndefined();
  expect((await store.conversations.get(id))?.unread).toBe(0);
});

test('the prompt of a reply is paid once, in every scope, and told', async () => {
  const { id, writer } = await opened(store);
  const mail = await mailFor(store, id, 'quality-assurance');
  const scope = `night:${newTaskId()}` as const;
  const limits = [{ scope, limit: { prompts: 5 } }];
  const paid = await Promise.all(Array.from({ length: 5 }, () => store.conversations.pay(mail, limits)));
  expect(paid).toEqual(Array.from({ length: 5 }, () => ({ kind: 'paid' })));
  expect((await store.budgets.standing(scope)).spent.prompts).toBe(1);
  expect((await store.tasks.get(writer.taskId))?.promptsUsed).toBe(1);
  expect((await toldOf(store, writer.taskId)).at(-1)).toMatchObject({
    type: 'prompt.spent',
    agent: 'quality-assurance',
    round: 1,
    used: 1,
    limit: 50,
  });
  await letTimePass(store, id);
  expect(await store.conversations.take(id, attempts)).toMatchObject({ isPaid: true, attempts: 2 });
});

test('a prompt that one limit has no room for is spent in none of them', async () => {
  const { id } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  const [wide, narrow] = [`night:${newTaskId()}`, `night:${newTaskId()}`] as const;
  const limits = [
    { scope: wide, limit: { prompts: 5 } },
    { scope: narrow, limit: { prompts: 0 } },
  ];
  const shortage = { scope: narrow, measure: 'prompts', limit: 0, spent: 0 };
  expect(await store.conversations.pay(mail, limits)).toEqual({ kind: 'short', shortage });
  expect((await store.budgets.standing(wide)).spent.prompts).toBe(0);
  await store.conversations.giveBack(mail);
  expect(await store.conversations.take(id, attempts)).toMatchObject({ isPaid: false });
});

test('the prompts of the task itself are limited too', async () => {
  const { id, writer } = await opened(store);
  await store.pool.query('update spiral.tasks set prompt_limit = 1 where id = $1', [writer.taskId]);
  expect(await store.conversations.pay(await mailFor(store, id, 'developer'), [])).toEqual({ kind: 'paid' });
  const shortage = { scope: `task:${writer.taskId}`, measure: 'prompts', limit: 1, spent: 1 };
  const next = await store.conversations.take(id, attempts);
  expect(next && (await store.conversations.pay(next, []))).toEqual({ kind: 'short', shortage });
});

test('nothing is paid for mail that was settled meanwhile', async () => {
  const { id, writer } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  await store.conversations.settle(mail, reply);
  expect(await store.conversations.pay(mail, [])).toEqual({ kind: 'passed' });
  expect((await store.tasks.get(writer.taskId))?.promptsUsed).toBe(0);
});
