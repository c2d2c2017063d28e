import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { Answer } from '../../../src/domain/question.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Writer } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  attempts,
  escalation,
  mailFor,
  messageOf,
  type OpenStore,
  opened,
  openedFor,
  reply,
  toldOf,
} from './conversation-examples.ts';
import { leased } from './examples.ts';

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

/** A conversation in which the developer asked a person. */
async function escalated(): Promise<{
  readonly id: ConversationId;
  readonly writer: Writer;
  readonly questionId: string;
}> {
  const { id, writer } = await opened(store, { allowance: { each: 1, all: 4 } });
  const mail = await mailFor(store, id, 'developer');
  const asked = escalation({ silenced: 'developer' });
  expect(await store.conversations.settle(mail, asked)).toEqual({ kind: 'settled' });
  return { id, writer, questionId: asked.question.id };
}

const answered = (questionId: string, choice: string, text?: string) => {
  const answer: Answer = { kind: 'chosen', choice, ...(text === undefined ? {} : { text }) };
  return store.questions.answer(questionId, answer, 'human');
};

const stateOf = async (id: ConversationId) => (await store.conversations.get(id))?.state;

test('an escalated conversation is quiet, its question is open while the task goes on, and the mail stays', async () => {
  const { id, writer, questionId } = await escalated();
  const { taskId } = writer;
  expect(await store.conversations.get(id)).toMatchObject({
    state: { kind: 'escalated', questionId },
    silenced: ['developer'],
    unread: 3,
  });
  const question = { id: questionId, taskId, kind: 'question', text: 'How is it to go on?' };
  expect((await store.questions.open()).filter((open) => open.taskId === taskId)).toMatchObject([question]);
  expect(await store.questions.find(questionId)).toMatchObject([{ ...question, answered: false }]);
  expect((await toldOf(store, taskId)).slice(-2)).toMatchObject([
    { type: 'conversation.escalated', conversationId: id, questionId, reason: 'the messages of all agents are used' },
    { type: 'question.asked', questionId, kind: 'question', text: question.text },
  ]);
  // People may speak all the same.
  expect(await store.conversations.publish(messageOf(id))).toMatchObject({ number: 2 });
  expect(await store.conversations.take(id, attempts)).toBeUndefined();
});

test('of two agents who ask at the same moment one does', async () => {
  const { id, writer } = await opened(store);
  await store.conversations.publish(messageOf(id));
  const [first, second] = [await store.conversations.take(id, attempts), await store.conversations.take(id, attempts)];
  if (!first || !second) throw new Error('there is mail for three');
  const settlements = await Promise.all([
    store.conversations.settle(first, escalation({ silenced: 'developer' })),
    store.conversations.settle(second, escalation({ silenced: 'project-manager' })),
  ]);
  expect(settlements.map(({ kind }) => kind).sort()).toEqual(['passed', 'settled']);
  expect((await store.questions.open()).filter(({ taskId }) => taskId === writer.taskId)).toHaveLength(1);
});

test('a person who lets them go on gives so many more messages, and the mail is given again with no attempt lost', async () => {
  const { id, writer, questionId } = await escalated();
  expect(await answered(questionId, 'continue', '2 more')).toBe(true);
  expect(await store.conversations.get(id)).toMatchObject({
    state: { kind: 'open' },
    allowance: { each: 2, all: 2 },
    silenced: ['developer'],
  });
  expect((await toldOf(store, writer.taskId)).at(-1)).toMatchObject({
    type: 'question.answered',
    questionId,
    answer: 'continue: 2 more',
  });
  const mail = await store.conversations.take(id, attempts);
  expect(mail).toMatchObject({ agent: 'developer', attempts: 1 });
  expect(mail && (await store.conversations.settle(mail, reply))).toMatchObject({ kind: 'settled' });
  expect(await answered(questionId, 'close')).toBe(false);
  expect(await stateOf(id)).toEqual({ kind: 'open' });
});

test('without a number there are five more', async () => {
  const { id, questionId } = await escalated();
  expect(await answered(questionId, 'continue')).toBe(true);
  expect((await store.conversations.get(id))?.allowance).toEqual({ each: 5, all: 5 });
});

test('what a person decides is said to everybody and ends the conversation', async () => {
  const { id, writer, questionId } = await escalated();
  expect(await answered(questionId, 'decide', 'We take the blue one.')).toBe(true);
  const said = { number: 2, author: 'human', text: 'We take the blue one.' };
  expect(await store.conversations.messages(id, 1, 10)).toMatchObject([said]);
  expect(await store.conversations.get(id)).toMatchObject({
    state: { kind: 'closed', reason: 'a person decided' },
    counts: { human: 2 },
    unread: 0,
  });
  expect((await toldOf(store, writer.taskId)).slice(-3)).toMatchObject([
    { type: 'question.answered', questionId },
    { type: 'message.sent', conversationId: id, ...said },
    { type: 'conversation.closed', conversationId: id, reason: 'a person decided' },
  ]);
});

test('who closes or refuses ends the conversation', async () => {
  const closed = await escalated();
  expect(await answered(closed.questionId, 'close')).toBe(true);
  expect(await stateOf(closed.id)).toEqual({ kind: 'closed', reason: 'a person closed it' });
  const refused = await escalated();
  expect(await store.questions.answer(refused.questionId, { kind: 'refused' }, 'unattended')).toBe(true);
  expect(await stateOf(refused.id)).toEqual({ kind: 'closed', reason: 'a person closed it' });
});

test('what is no answer to it changes nothing', async () => {
  const { id, writer, questionId } = await escalated();
  const before = [await store.conversations.get(id), await toldOf(store, writer.taskId)];
  expect(await answered(questionId, 'decide', ' ')).toBe(false);
  expect(await answered(questionId, 'continue', 'for ever')).toBe(false);
  expect(await answered(questionId, 'dance')).toBe(false);
  expect(await store.questions.answer(questionId, { kind: 'granted', amount: 3 }, 'human')).toBe(false);
  expect([await store.conversations.get(id), await toldOf(store, writer.taskId)]).toEqual(before);
  expect(await store.questions.find(questionId)).toMatchObject([{ answered: false }]);
});

test('a task that waits for the answer goes on with it, and whoever closes the conversation lets it go on too', async () => {
  const resume = { kind: 'accepted' } as const;
  const ends = [
    ({ questionId }: { questionId: string }) => answered(questionId, 'continue'),
    ({ id }: { id: ConversationId }) => store.conversations.close(id, 'over'),
  ];
  for (const end of ends) {
    const asked = await escalated();
    const { writer, questionId } = asked;
    const waiting = { kind: 'waiting', for: { kind: 'answer', questionId }, resume } as const;
    await store.tasks.advance(writer, waiting, []);
    expect(await end(asked)).toBe(true);
    expect((await store.tasks.get(writer.taskId))?.state).toEqual(resume);
    expect((await toldOf(store, writer.taskId)).at(-1)).toMatchObject({ type: 'task.resumed' });
    expect(await store.questions.find(questionId)).toMatchObject([{ answered: true }]);
    // Somebody who only now begins to wait need not wait.
    expect((await store.tasks.advance(writer, waiting, [])).state).toEqual(resume);
  }
});

test('a task in the middle of a round is not disturbed by the answer', async () => {
  const { writer, questionId } = await escalated();
  const before = (await store.tasks.get(writer.taskId))?.state;
  expect(await answered(questionId, 'continue')).toBe(true);
  expect((await store.tasks.get(writer.taskId))?.state).toEqual(before);
});

test('a closed conversation has no mail left, and is closed once', async () => {
  const { id, writer } = await opened(store);
  await store.conversations.publish(messageOf(id));
  const closed = await Promise.all([1, 2, 3].map(() => store.conversations.close(id, 'over')));
  expect(closed.filter(Boolean)).toHaveLength(1);
  expect(await store.conversations.get(id)).toMatchObject({ state: { kind: 'closed', reason: 'over' }, unread: 0 });
  const told = (await toldOf(store, writer.taskId)).filter(({ type }) => type === 'conversation.closed');
  expect(told).toMatchObject([{ conversationId: id, reason: 'over' }]);
});

test('the end of a task closes its conversations, which is told before it', async () => {
  const { id, writer, questionId } = await escalated();
  const other = await openedFor(store, writer.taskId);
  await store.conversations.publish(messageOf(other));
  const { taskId } = writer;
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, [
    { news: { type: 'task.resumed', taskId, reason: 'the end' } },
  ]);
  const closed = { kind: 'closed', reason: 'the task is finished' };
  expect([await stateOf(id), await stateOf(other)]).toEqual([closed, closed]);
  expect((await store.conversations.get(other))?.unread).toBe(0);
  expect((await toldOf(store, taskId)).slice(-3).map(({ type }) => type)).toEqual([
    'conversation.closed',
    'conversation.closed',
    'task.resumed',
  ]);
  expect(await answered(questionId, 'continue')).toBe(false);
  expect((await store.questions.open()).map((question) => question.id)).not.toContain(questionId);
});

test('a closed conversation goes on for another task, with so many more messages', async () => {
  const { id, writer } = await opened(store, { allowance: { each: 1, all: 1 } });
  const mail = await mailFor(store, id, 'developer');
  await store.conversations.settle(mail, reply);
  const next = await leased(store);
  expect(await store.conversations.reopen(id, next.taskId, 2)).toBe(false);
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, []);
  expect(await store.conversations.reopen(id, writer.taskId, 2)).toBe(false);
  expect(await store.conversations.reopen(id, next.taskId, 2)).toBe(true);
  expect(await store.conversations.get(id)).toMatchObject({
    taskId: next.taskId,
    state: { kind: 'open' },
    allowance: { each: 3, all: 3 },
  });
  expect(await store.conversations.publish(messageOf(id))).toMatchObject({ number: 3 });
});
