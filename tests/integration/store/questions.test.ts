import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Shortage } from '../../../src/domain/budget.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { LeaseLost, type Writer } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased, newTaskId } from './examples.ts';
import { working } from './spending.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

const usdShortage = (): Shortage => ({ scope: `night:${newTaskId()}`, measure: 'usd', limit: 5, spent: 4.9 });

async function asked(writer: Writer, shortage = usdShortage()) {
  const { taskId } = writer;
  const question = { id: newTaskId(), taskId, kind: 'grant', text: 'Grant more?', shortage } as const;
  const news = {
    news: { type: 'question.asked', taskId, questionId: question.id, kind: 'grant', text: question.text },
  } as const;
  const task = await store.tasks.ask(writer, question, working(2), [news]);
  return { question, news, task };
}

async function toldOf(writer: Writer) {
  return (await store.events.read({ after: 0, taskId: writer.taskId }, 100)).slice(1);
}

test('a task that asks waits, with its question, until somebody answers', async () => {
  const writer = await leased(store);
  const { question, news, task } = await asked(writer);
  const waiting = { kind: 'waiting', for: { kind: 'answer', questionId: question.id }, resume: working(2) };
  expect(task.state).toEqual(waiting);
  expect(await store.questions.open()).toEqual([{ ...question, askedAt: expect.any(Date) }]);
  const [found] = await store.questions.find(question.id.slice(0, 6));
  expect(found).toEqual({ ...question, askedAt: expect.any(Date), answered: false });
  expect(await toldOf(writer)).toMatchObject([news.news]);

  expect(await store.questions.answer(question.id, { kind: 'granted', amount: 2.5 }, 'human')).toBe(true);
  expect((await store.tasks.get(writer.taskId))?.state).toEqual(working(2));
  expect((await store.budgets.standing(question.shortage.scope)).granted).toEqual({ prompts: 0, tokens: 0, usd: 2.5 });
  const { taskId } = writer;
  expect((await toldOf(writer)).slice(1)).toMatchObject([
    { type: 'question.answered', taskId, questionId: question.id, answer: '2.5 usd granted', by: 'human' },
    { type: 'budget.granted', taskId, scope: question.shortage.scope, measure: 'usd', amount: 2.5, by: 'human' },
    { type: 'task.resumed', taskId, reason: '2.5 usd granted' },
  ]);
  expect((await store.questions.open()).map(({ id }) => id)).not.toContain(question.id);
  expect(await store.questions.find(question.id)).toMatchObject([{ answered: true }]);
});

test('a question that is asked again under its id is asked once, and an answered one does not make the task wait', async () => {
  const writer = await leased(store);
  const { question, news, task } = await asked(writer);
  expect(await store.tasks.ask(writer, question, working(2), [news])).toEqual(task);
  await store.questions.answer(question.id, { kind: 'granted', amount: 1 }, 'human');
  expect((await store.tasks.ask(writer, question, working(2), [news])).state).toEqual(working(2));
  expect((await toldOf(writer)).filter(({ type }) => type === 'question.asked')).toHaveLength(1);
  await expect(store.tasks.ask({ ...writer, attempt: 0 }, question, working(2), [])).rejects.toBeInstanceOf(LeaseLost);
});

test('a task that is to wait for an answer that was given by then goes on at once', async () => {
  const { question } = await asked(await leased(store));
  const other = await leased(store);
  const waiting = { kind: 'waiting', for: { kind: 'answer', questionId: question.id }, resume: working(1) } as const;
  expect((await store.tasks.advance(other, waiting, [])).state).toEqual(waiting);
  await store.questions.answer(question.id, { kind: 'granted', amount: 1 }, 'human');
  expect((await store.tasks.advance(other, waiting, [])).state).toEqual(working(1));
});

test('prompts that are granted to a task raise its own limit', async () => {
  const writer = await leased(store, { promptLimit: 3 });
  const scope = `task:${writer.taskId}` as const;
  const { question } = await asked(writer, { scope, measure: 'prompts', limit: 3, spent: 3 });
  await store.questions.answer(question.id, { kind: 'granted', amount: 4 }, 'unattended');
  expect(await store.tasks.get(writer.taskId)).toMatchObject({ promptLimit: 7, state: working(2) });
  expect((await store.budgets.standing(scope)).granted.prompts).toBe(0);
});

test('a refusal ends the task as out of budget, and says why', async () => {
  const writer = await leased(store);
  const { question } = await asked(writer);
  expect(await store.questions.answer(question.id, { kind: 'refused' }, 'human')).toBe(true);
  const reason = `the limit of 5 usd (${question.shortage.scope}) is reached, and more was refused`;
  expect((await store.tasks.get(writer.taskId))?.state).toEqual({
    kind: 'ended',
    ending: { status: 'out-of-budget', verified: false, reason },
  });
  expect((await toldOf(writer)).slice(1)).toMatchObject([
    { type: 'question.answered', questionId: question.id, answer: 'refused' },
  ]);
  expect((await store.budgets.standing(question.shortage.scope)).granted.usd).toBe(0);
});

test('of twenty answers at the same moment the first counts, and only it', async () => {
  const others = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ databaseUrl: database.url })));
  for (let race = 0; race < 10; race++) {
    const writer = await leased(store);
    const { question } = await asked(writer);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const answer =
          index % 2 === 0 ? ({ kind: 'granted', amount: index + 1 } as const) : ({ kind: 'refused' } as const);
        return (others[index % others.length] ?? store).questions.answer(question.id, answer, 'human');
      }),
    );
    const winners = answers.flatMap((won, index) => (won ? [index] : []));
    expect(winners).toHaveLength(1);
    const granted = winners[0] !== undefined && winners[0] % 2 === 0 ? winners[0] + 1 : 0;
    expect((await store.budgets.standing(question.shortage.scope)).granted.usd).toBe(granted);
    expect((await store.tasks.get(writer.taskId))?.state.kind).toBe(granted > 0 ? 'working' : 'ended');
    expect((await toldOf(writer)).filter(({ type }) => type === 'question.answered')).toHaveLength(1);
  }
  await Promise.all(others.map((other) => other.close()));
});

test('the question of a finished task is not open, and no answer touches it', async () => {
  const writer = await leased(store);
  const { question } = await asked(writer);
  await store.tasks.advance(writer, { kind: 'finished', status: 'cancelled' }, []);
  const before = await store.tasks.get(writer.taskId);
  expect((await store.questions.open()).map(({ id }) => id)).not.toContain(question.id);
  expect(await store.questions.answer(question.id, { kind: 'granted', amount: 9 }, 'human')).toBe(false);
  expect(await store.questions.answer(question.id, { kind: 'refused' }, 'human')).toBe(false);
  expect(await store.tasks.get(writer.taskId)).toEqual(before);
  expect((await store.budgets.standing(question.shortage.scope)).granted.usd).toBe(0);
});

test('an answer leaves alone a task that waits for something else by now', async () => {
  const writer = await leased(store);
  const { question: first } = await asked(writer);
  await store.tasks.advance(writer, working(2), []);
  const { question: second } = await asked(writer);
  expect(await store.questions.answer(first.id, { kind: 'refused' }, 'human')).toBe(true);
  expect((await store.tasks.get(writer.taskId))?.state).toMatchObject({ for: { questionId: second.id } });
});

test('nobody can answer what was never asked', async () => {
  expect(await store.questions.answer(newTaskId(), { kind: 'refused' }, 'human')).toBe(false);
  expect(await store.questions.find('zzzz')).toEqual([]);
});

test('the words that are at hand for an answer come back as they were given', async () => {
  const writer = await leased(store);
  const suggestions = ['PostgreSQL', 'Mongo\u0000DB', '数据库'];
  const question = { id: newTaskId(), taskId: writer.taskId, kind: 'question', text: 'Which?', suggestions } as const;
  await store.tasks.ask(writer, question, working(2), []);
  const [found] = (await store.questions.open()).filter(({ id }) => id === question.id);
  expect(found).toMatchObject({ suggestions: ['PostgreSQL', 'Mongo\ufffdDB', '数据库'] });
});
