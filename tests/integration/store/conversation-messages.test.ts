import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  drained,
  messageOf,
  newConversationId,
  type OpenStore,
  opened,
  openedFor,
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

test('a conversation is open, empty and found by its id, and opened again it is what is there', async () => {
  const { id, writer } = await opened(store);
  const conversation = {
    id,
    taskId: writer.taskId,
    topic: 'the login form',
    members: ['developer', 'project-manager', 'quality-assurance'],
    allowance: { each: 3, all: 15 },
    state: { kind: 'open' },
    silenced: [],
    memory: { summary: '', upTo: 0 },
    createdAt: expect.any(Date),
  } as const;
  const again = await store.conversations.open({ ...conversation, topic: 'another', allowance: { each: 9, all: 9 } });
  expect(again).toEqual(conversation);
  const summary = { ...conversation, counts: {}, lastAt: expect.any(Date), unread: 0, dead: 0 };
  expect(await store.conversations.get(id)).toEqual(summary);
  expect(await store.conversations.find(id.slice(0, 6))).toEqual([summary]);
  expect(await store.conversations.ofTask(writer.taskId)).toEqual([summary]);
  expect(await store.conversations.get(newConversationId())).toBeUndefined();
});

test('a limit that one agent has of its own is kept', async () => {
  const { writer } = await opened(store);
  const allowance = { each: 3, all: 15, own: { 'quality-assurance': 1 } };
  const id = newConversationId();
  const members = ['quality-assurance'] as const;
  await store.conversations.open({ id, taskId: writer.taskId, topic: 'limits', members, allowance });
  expect((await store.conversations.get(id))?.allowance).toEqual(allowance);
});

test('the conversation of a task that is finished is closed from the start', async () => {
  const { writer } = await opened(store);
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, []);
  const id = await openedFor(store, writer.taskId);
  expect((await store.conversations.get(id))?.state).toEqual({ kind: 'closed', reason: 'the task is finished' });
});

test('a message reaches every member but its author, once, and is told', async () => {
  const { id, writer } = await opened(store);
  const message = messageOf(id, { author: 'developer', text: 'Done \0?', mentions: ['quality-assurance'], answers: 7 });
  const sent = await store.conversations.publish(message);
  const known = {
    conversationId: id,
    number: 1,
    author: 'developer',
    text: 'Done \uFFFD?',
    mentions: ['quality-assurance'],
    answers: 7,
  };
  expect(sent).toEqual({ ...known, at: expect.any(Date) });
  expect(await toldOf(store, writer.taskId)).toMatchObject([
    { type: 'message.sent', taskId: writer.taskId, topic: 'the login form', ...known },
  ]);
  expect(await store.conversations.get(id)).toMatchObject({ counts: { developer: 1 }, unread: 2 });
  expect(await drained(store, id)).toEqual(['1 project-manager', '1 quality-assurance']);
  expect(await store.conversations.get(id)).toMatchObject({ unread: 0 });
});

test('a message that is sent again under its key is the one that is there, also once the conversation is closed', async () => {
  const { id, writer } = await opened(store);
  const message = messageOf(id);
  const copies = await Promise.all(Array.from({ length: 10 }, () => store.conversations.publish(message)));
  expect(copies).toEqual(Array.from({ length: 10 }, () => copies[0]));
  expect(await store.conversations.get(id)).toMatchObject({ counts: { human: 1 }, unread: 3 });
  expect(await toldOf(store, writer.taskId)).toHaveLength(1);

  await store.conversations.close(id, 'over');
  expect(await store.conversations.publish(message)).toEqual(copies[0]);
  expect(await store.conversations.publish(messageOf(id))).toBeUndefined();
  expect(await store.conversations.publish(messageOf(newConversationId()))).toBeUndefined();
});

test('twenty who send at once, from several processes, get twenty numbers without a gap, and the events have their order', async () => {
  const others = await Promise.all(Array.from({ length: 3 }, () => openPostgresStore({ databaseUrl: database.url })));
  const { id, writer } = await opened(store);
  const sent = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (others[index % others.length] ?? store).conversations.publish(messageOf(id)),
    ),
  );
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(sent.map((message) => message?.number).sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
  expect((await store.conversations.messages(id, 0, 100)).map(({ number }) => number)).toEqual(numbers);
  expect((await toldOf(store, writer.taskId)).map((event) => 'number' in event && event.number)).toEqual(numbers);
  expect(await store.conversations.get(id)).toMatchObject({ counts: { human: 20 }, unread: 60 });
  await Promise.all(others.map((other) => other.close()));
});

test('messages are read from a number on, in order, and one by its number', async () => {
  const { id } = await opened(store);
  for (let count = 0; count < 5; count++) await store.conversations.publish(messageOf(id));
  expect((await store.conversations.messages(id, 2, 2)).map(({ number }) => number)).toEqual([3, 4]);
  expect(await store.conversations.message(id, 5)).toMatchObject({ number: 5 });
  expect(await store.conversations.message(id, 6)).toBeUndefined();
});

test('the latest conversation comes first', async () => {
  const [first, second] = [await opened(store), await opened(store)];
  await store.conversations.publish(messageOf(second.id));
  await store.pool.query(`update spiral.conversations set last_at = last_at - interval '1 minute' where id <> $1`, [
    first.id,
  ]);
  const latest = await store.conversations.list(2);
  expect(latest.map(({ id }) => id)).toEqual([first.id, second.id]);
});

test('how relevant a message is, is kept as the first says it', async () => {
  const { id } = await opened(store);
  await store.conversations.publish(messageOf(id));
  const said = await Promise.all([1, 2, 3].map((qa) => store.conversations.rate(id, 1, { 'quality-assurance': qa })));
  expect(said).toEqual(Array.from({ length: 3 }, () => said[0]));
  expect((await store.conversations.message(id, 1))?.relevance).toEqual(said[0]);
});

test('a summary that reaches less far than the one that is there is dropped', async () => {
  const { id } = await opened(store);
  await store.conversations.remember(id, { summary: 'ten', upTo: 10 });
  await store.conversations.remember(id, { summary: 'four', upTo: 4 });
  expect(await memoryOf(id)).toEqual({ summary: 'ten', upTo: 10 });
  await store.conversations.remember(id, { summary: 'twelve', upTo: 12 });
  expect(await memoryOf(id)).toEqual({ summary: 'twelve', upTo: 12 });
});

async function memoryOf(id: ConversationId) {
  return (await store.conversations.get(id))?.memory;
}

test('an agent that has no room says nothing of itself, however many of them it sends at once; a person always may', async () => {
  const { id } = await opened(store, { allowance: { each: 2, all: 3 } });
  const speak = (author: 'developer' | 'project-manager' | 'human') =>
    store.conversations.publish(messageOf(id, { author }));
  const sent = await Promise.all(Array.from({ length: 6 }, () => speak('developer')));
  expect(sent.filter(Boolean)).toHaveLength(2);
  expect(await speak('project-manager')).toMatchObject({ number: 3 });
  expect(await speak('project-manager')).toBeUndefined();
  expect(await speak('human')).toMatchObject({ number: 4 });
});
