import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  attempts,
  escalation,
  letTimePass,
  mailFor,
  messageOf,
  type OpenStore,
  opened,
  reply,
  toldOf,
} from './conversation-examples.ts';

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

test('a reply is a message that answers, with mail for the others, and its mail is settled', async () => {
  const { id, writer } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  const mentions = ['quality-assurance'] as const;
  const settlement = await store.conversations.settle(mail, { kind: 'replied', text: 'yes, @qa?', mentions });
  const message = { conversationId: id, number: 2, author: 'developer', text: 'yes, @qa?', mentions, answers: 1 };
  expect(settlement).toEqual({ kind: 'settled', message: { ...message, at: expect.any(Date) } });
  expect((await toldOf(store, writer.taskId)).at(-1)).toMatchObject({ type: 'message.sent', ...message });
  expect(await store.conversations.get(id)).toMatchObject({ counts: { human: 1, developer: 1 }, unread: 4 });
});

test('an agent that says nothing is told with the reason', async () => {
  const { id, writer } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  const declined = { kind: 'declined', reason: 'it is not relevant enough', relevance: 2 } as const;
  expect(await store.conversations.settle(mail, declined)).toEqual({ kind: 'settled' });
  expect((await toldOf(store, writer.taskId)).at(-1)).toMatchObject({
    type: 'message.declined',
    conversationId: id,
    number: 1,
    agent: 'developer',
    relevance: 2,
    reason: 'it is not relevant enough',
  });
  expect((await store.conversations.get(id))?.unread).toBe(2);
});

test('of ten who settle the same mail one does', async () => {
  const { id, writer } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  const settlements = await Promise.all(Array.from({ length: 10 }, () => store.conversations.settle(mail, reply)));
  expect(settlements.filter(({ kind }) => kind === 'settled')).toHaveLength(1);
  expect(settlements.filter(({ kind }) => kind === 'passed')).toHaveLength(9);
  expect((await store.conversations.get(id))?.counts).toEqual({ human: 1, developer: 1 });
  expect(await toldOf(store, writer.taskId)).toHaveLength(2);
  expect(await store.conversations.settle(mail, escalation())).toEqual({ kind: 'passed' });
});

test('of two agents who want the last message of all one gets it, in each of fifty races', async () => {
  const other = await openPostgresStore({ databaseUrl: database.url });
  for (let race = 0; race < 50; race++) {
    const { id } = await opened(store, { allowance: { each: 3, all: 1 } });
    await store.conversations.publish(messageOf(id));
    const first = await store.conversations.take(id, attempts);
    const second = await store.conversations.take(id, attempts);
    if (!first || !second) throw new Error('there is mail for three');
    const settlements = await Promise.all([
      store.conversations.settle(first, reply),
      other.conversations.settle(second, reply),
    ]);
    expect(settlements.map(({ kind }) => kind).sort()).toEqual(['no-room', 'settled']);
    const { counts, unread } = (await store.conversations.get(id)) ?? {};
    expect((counts?.developer ?? 0) + (counts?.['project-manager'] ?? 0)).toBe(1);
    // The mail that found no room waits, and two got the reply.
    expect(unread).toBe(4);
  }
  await other.close();
});

test('an agent that has used its messages finds no room, whatever others and people said', async () => {
  const { id } = await opened(store, { allowance: { each: 1, all: 15 } });
  const first = await mailFor(store, id, 'developer');
  expect(await store.conversations.settle(first, reply)).toMatchObject({ kind: 'settled' });
  for (let count = 0; count < 3; count++) await store.conversations.publish(messageOf(id));
  const second = await mailFor(store, id, 'developer');
  expect(await store.conversations.settle(second, reply)).toEqual({ kind: 'no-room' });
  expect(await store.conversations.settle(second, { kind: 'declined', reason: 'no room' })).toMatchObject({
    kind: 'settled',
  });
});

test('a handler that comes too late finds its mail dead or the conversation closed, and saves nothing', async () => {
  const { id } = await opened(store);
  const mail = await mailFor(store, id, 'developer');
  await letTimePass(store, id);
  await store.conversations.take(id, 1);
  expect((await store.conversations.get(id))?.dead).toBe(1);
  expect(await store.conversations.settle(mail, reply)).toEqual({ kind: 'passed' });

  const { id: closed } = await opened(store);
  const late = await mailFor(store, closed, 'developer');
  await store.conversations.close(closed, 'over');
  expect(await store.conversations.settle(late, reply)).toEqual({ kind: 'passed' });
  expect((await store.conversations.get(closed))?.counts).toEqual({ human: 1 });
});
