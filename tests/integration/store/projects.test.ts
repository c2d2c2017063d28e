import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../../src/domain/answers/planning.ts';
import type { Coordinating } from '../../../src/domain/project.ts';
import { choicesOf } from '../../../src/domain/project-choice.ts';
import { afterAssignment } from '../../../src/domain/project-phase.ts';
import { afterChallenges, beginProject } from '../../../src/domain/project-planning.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Writer } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { acceptedNews, exampleTask, holder, leased, newTaskId, progress } from './examples.ts';
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

const plan: Plan = {
  kind: 'plan',
  title: 'Shop',
  phases: [
    {
      name: 'Cart',
      goal: 'a cart',
      task: 'build it',
      criteria: [{ criterion: 'tests pass', checkedBy: 'tests', subject: '' }],
      dependsOn: [],
    },
  ],
};

function assigning(isApprovalNeeded = false): Coordinating {
  return afterChallenges(beginProject(plan, { attempts: 2, isApprovalNeeded }).project, []);
}

/** A project with the developer's task of its first attempt, both leased. */
async function project(workspace = `/home/me/${newTaskId()}`) {
  const root = await leased(store, { agent: 'project-manager', workspace });
  const task = exampleTask({ project: root.taskId, workspace });
  const state = assigning();
  if (state.at.kind !== 'assign') throw new Error('a phase was to be assigned');
  await store.tasks.assign(root, afterAssignment(state.project, state.at, task.id), task, [
    { news: acceptedNews(task) },
  ]);
  const lease = await store.tasks.lease(task.id, holder, 60);
  if (lease.kind !== 'leased') throw new Error('a new task can be leased');
  const child: Writer = { taskId: task.id, attempt: lease.attempt };
  return { root, child };
}

test('an attempt and the state that names it are saved together, or neither', async () => {
  const { root, child } = await project();
  expect(await store.tasks.ofProject(root.taskId)).toMatchObject([{ id: child.taskId, project: root.taskId }]);
  expect((await store.tasks.get(root.taskId))?.state).toMatchObject({
    kind: 'coordinating',
    at: { kind: 'develop', taskId: child.taskId },
  });
  // A loser of the lease makes no task.
  const late = exampleTask({ project: root.taskId });
  const stale = { ...root, attempt: root.attempt - 1 };
  await expect(store.tasks.assign(stale, assigning(), late, [])).rejects.toThrow('taken over');
  expect(await store.tasks.get(late.id)).toBeUndefined();
});

test('projects are listed in every state that they have, tasks that are none are not', async () => {
  const { root, child } = await project();
  const isListed = async () => (await store.tasks.projects(1000)).some(({ id }) => id === root.taskId);
  expect(await isListed()).toBe(true);
  expect((await store.tasks.projects(1000)).map(({ id }) => id)).not.toContain(child.taskId);
  const state = assigning(true);
  const question = {
    id: newTaskId(),
    taskId: root.taskId,
    kind: 'plan',
    text: 'Right?',
    choices: choicesOf.plan,
  } as const;
  await store.tasks.ask(root, question, state, []);
  expect(await isListed()).toBe(true);
  await store.tasks.advance(root, { kind: 'finished', status: 'succeeded', project: state.project }, []);
  expect(await isListed()).toBe(true);
});

test('the events of a project are those of its tasks as well, and whoever watches it is told of both', async () => {
  const { root, child } = await project();
  const stop = new AbortController();
  const seen: string[] = [];
  const watching = (async () => {
    for await (const event of store.events.watch({ after: 0, taskId: root.taskId }, stop.signal)) {
      if (event.type === 'progress') seen.push(event.text);
      if (event.type === 'progress' && event.text === 'last') stop.abort();
    }
  })();
  await store.tasks.append(child, [{ news: progress(child.taskId, 'of the task') }]);
  await store.tasks.append(root, [{ news: progress(root.taskId, 'of the project') }]);
  await store.tasks.append(child, [{ news: progress(child.taskId, 'last') }]);
  await watching;
  expect(seen).toEqual(['of the task', 'of the project', 'last']);
  const own = await store.events.read({ after: 0, taskId: child.taskId }, 100);
  expect(own.every(({ taskId }) => taskId === child.taskId)).toBe(true);
});

test('a project keeps its workspace, and its own tasks are let in', async () => {
  const workspace = `/home/me/${newTaskId()}`;
  const { root, child } = await project(workspace);
  const stranger = await leased(store, { workspace });
  expect(await store.tasks.occupy(root)).toEqual({ kind: 'occupied' });
  expect(await store.tasks.occupy(child)).toEqual({ kind: 'occupied' });
  expect(await store.tasks.occupy(stranger)).toMatchObject({ kind: 'busy', workspace });
  await store.tasks.release(child);
  expect(await store.tasks.occupy(stranger)).toMatchObject({ kind: 'busy', workspace });
});

test('a project that waits for the question of its task goes on with it, and the first answer counts', async () => {
  const { root, child } = await project();
  const developing = (await store.tasks.get(root.taskId))?.state;
  if (developing?.kind !== 'coordinating') throw new Error('the project was to be coordinated');
  const shortage = { scope: `project:${root.taskId}`, measure: 'usd', limit: 1, spent: 1 } as const;
  const question = { id: newTaskId(), taskId: child.taskId, kind: 'grant', text: 'More?', shortage } as const;
  await store.tasks.ask(child, question, working(1), []);
  const wait = { kind: 'answer', questionId: question.id } as const;
  await store.tasks.advance(root, { kind: 'waiting', for: wait, resume: developing }, []);

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => store.questions.answer(question.id, { kind: 'granted', amount: 2 }, 'human')),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect((await store.tasks.get(root.taskId))?.state).toEqual(developing);
  expect((await store.tasks.get(child.taskId))?.state).toEqual(working(1));
  expect((await store.budgets.standing(`project:${root.taskId}`)).granted.usd).toBe(2);
});

test('a choice leads a project on, and stop ends it with what it was', async () => {
  const { root } = await project();
  const state = assigning(true);
  const ask = async () => {
    const question = {
      id: newTaskId(),
      taskId: root.taskId,
      kind: 'plan',
      text: 'Right?',
      choices: choicesOf.plan,
    } as const;
    await store.tasks.ask(root, question, state, []);
    return question.id;
  };
  const first = await ask();
  expect(await store.questions.find(first)).toMatchObject([{ choices: choicesOf.plan, answered: false }]);
  expect(await store.questions.answer(first, { kind: 'chosen', choice: 'revise', text: 'less' }, 'human')).toBe(true);
  expect((await store.tasks.get(root.taskId))?.state).toMatchObject({ at: { kind: 'revise', changes: ['less'] } });
  expect(await store.questions.answer(first, { kind: 'chosen', choice: 'approve' }, 'human')).toBe(false);
  const second = await ask();
  expect(await store.questions.answer(second, { kind: 'chosen', choice: 'stop' }, 'human')).toBe(true);
  expect((await store.tasks.get(root.taskId))?.state).toMatchObject({
    kind: 'ended',
    ending: { status: 'cancelled' },
    project: { title: 'Shop' },
  });
});

test('a person who holds or cancels a project holds or cancels its tasks', async () => {
  const { root, child } = await project();
  expect(await store.tasks.hold(root.taskId, true)).toBe(true);
  expect(await store.tasks.hold(root.taskId, true)).toBe(false);
  for (const writer of [root, child]) expect(await store.tasks.renew(writer, 60)).toMatchObject({ isHeld: true });
  expect(await store.tasks.hold(root.taskId, false)).toBe(true);
  expect(await store.tasks.renew(child, 60)).toMatchObject({ isHeld: false });
  expect(await store.tasks.requestCancel(root.taskId)).toBe(true);
  for (const writer of [root, child])
    expect(await store.tasks.renew(writer, 60)).toMatchObject({ cancelRequested: true });
});
