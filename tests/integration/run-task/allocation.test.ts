import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentRole } from '../../../src/domain/agent.ts';
import { limitsOf } from '../../../src/domain/budget.ts';
import { scopeOfBuilds, scopeOfCycle } from '../../../src/domain/cycle.ts';
import type { ToolRequestId } from '../../../src/domain/identifiers.ts';
import type { CycleShare } from '../../../src/store/budgets.ts';
import { NothingToMove } from '../../../src/store/store.ts';
import type { RunTaskNeeds } from '../../../src/workflows/run-task/needs.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, outcomeIn, type Stage, typesOf, workWith } from './stage.ts';

let stage: Stage;
let number = 0;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** What a task needs in a cycle of its own, in which agents have so many prompts. */
function needsWith(prompts: Partial<Record<AgentRole, number>>, buildPrompts?: number): RunTaskNeeds {
  number += 1;
  const renewsAt = new Date(Date.now() + 86_400_000).toISOString();
  const shareOf = (agent: AgentRole): CycleShare | undefined => {
    const own = prompts[agent];
    if (own === undefined) return undefined;
    return { agent, limit: { scope: scopeOfCycle(agent, { number }), limit: { prompts: own }, renewsAt } };
  };
  const roles = Object.keys(prompts) as AgentRole[];
  const cycle = number;
  const needs = stage.needs(scriptedEngine(() => workWith('green')));
  return {
    ...needs,
    budget: {
      ...needs.budget,
      limitsOf: ({ id, agent, toolRequest }) =>
        limitsOf(
          { task: {}, agent: {}, project: {}, night: {}, all: {} },
          {
            taskId: id,
            agent,
            cycle: shareOf(agent)?.limit,
            ...(toolRequest === undefined || buildPrompts === undefined
              ? {}
              : {
                  builds: {
                    scope: scopeOfBuilds(agent, { number: cycle }),
                    limit: { prompts: buildPrompts },
                    renewsAt,
                  },
                }),
          },
        ),
      cycles: {
        shareOf,
        shares: () => roles.flatMap((role) => shareOf(role) ?? []),
        moves: () => ({ scope: `moves:${cycle}`, limit: { prompts: prompts['project-manager'] ?? 0 } }),
      },
    },
  };
}

async function pendingOf(taskId: string) {
  return (await stage.store.questions.open()).filter((question) => question.taskId === taskId);
}

test('an agent whose prompts of a cycle are used up asks for more, says for what, and goes on when they are granted', async () => {
  const needs = needsWith({ developer: 0, 'quality-assurance': 4 });
  const task = await stage.task();
  expect(await drive(task.id, needs)).toBe('waiting');
  const [question] = await pendingOf(task.id);
  expect(question).toMatchObject({
    kind: 'allocation',
    choices: [{ name: 'grant' }, { name: 'move' }, { name: 'wait' }, { name: 'cancel' }],
  });
  expect(question?.text).toContain(task.text);
  await stage.store.questions.answer(question?.id ?? '', { kind: 'granted', amount: 1 }, 'human');
  expect(await drive(task.id, needs)).toBe('finished');
  expect(outcomeIn(await stage.events(task.id))).toMatchObject({ status: 'succeeded', promptsUsed: 1 });
});

test('the project manager moves what another agent does not use, without asking anybody, within its own limit', async () => {
  const needs = needsWith({ developer: 0, 'quality-assurance': 4, 'project-manager': 2 });
  const task = await stage.task();
  expect(await drive(task.id, needs)).toBe('finished');
  const events = await stage.events(task.id);
  expect(events.filter(({ type }) => type === 'budget.moved')).toMatchObject([
    { from: 'quality-assurance', to: 'developer', prompts: 2, by: 'project-manager' },
  ]);
  expect(typesOf(events)).not.toContain('question.asked');

  // It has moved all that it may: whoever needs more now asks a person.
  const more = needsWith({ developer: 0, 'quality-assurance': 4, 'project-manager': 0 });
  const other = await stage.task();
  expect(await drive(other.id, more)).toBe('waiting');
  expect(await pendingOf(other.id)).toMatchObject([{ kind: 'allocation' }]);
});

test('work on a tool uses no more than its share of an agent; above it a person is asked, and nobody gives of what is theirs', async () => {
  const needs = needsWith({ developer: 5, 'quality-assurance': 4, 'project-manager': 9 }, 0);
  const toolRequest = 'request1' as ToolRequestId;
  const task = await stage.task({ toolRequest, project: (await stage.task({ agent: 'project-manager' })).id });
  expect(await drive(task.id, needs)).toBe('waiting');
  const [question] = await pendingOf(task.id);
  expect(question).toMatchObject({
    kind: 'allocation',
    choices: [{ name: 'grant' }, { name: 'wait' }, { name: 'cancel' }],
  });
  expect(question?.text).toContain('of this cycle for work on tools');
  // Other work of the agent has its prompts.
  const other = await stage.task();
  expect(await drive(other.id, needs)).toBe('finished');
  await stage.store.questions.answer(question?.id ?? '', { kind: 'granted', amount: 1 }, 'human');
  expect(await drive(task.id, needs)).toBe('finished');
});

test('a person moves prompts from an agent that has them, and from none that has not so many', async () => {
  const needs = needsWith({ developer: 0, 'quality-assurance': 4 });
  const task = await stage.task();
  await drive(task.id, needs);
  const [question] = await pendingOf(task.id);
  const [from, to] = needs.budget.cycles.shares().toReversed();
  if (!question || !from || !to) throw new Error('it was to ask, and two agents have a share');
  const answer = (amount: number) =>
    stage.store.questions.answer(question.id, { kind: 'moved', from: from.agent, amount }, 'human', {
      from,
      to,
      prompts: amount,
    });
  await expect(answer(5)).rejects.toBeInstanceOf(NothingToMove);
  expect(await pendingOf(task.id)).toHaveLength(1);
  expect(await answer(3)).toBe(true);
  expect(await drive(task.id, needs)).toBe('finished');
});

test('a task that is to wait for the next cycle goes on by itself when it begins', async () => {
  const needs = needsWith({ developer: 0 });
  const task = await stage.task();
  await drive(task.id, needs);
  const [question] = await pendingOf(task.id);
  await stage.store.questions.answer(question?.id ?? '', { kind: 'chosen', choice: 'wait' }, 'human');
  const until = question?.shortage?.renewsAt;
  expect((await stage.store.tasks.get(task.id))?.state).toMatchObject({
    kind: 'waiting',
    for: { kind: 'time', until },
  });
  expect(await drive(task.id, needs)).toBe('waiting');
  const later = { ...needsWith({ developer: 1 }), now: () => Date.parse(until ?? '') + 1000 };
  expect(await drive(task.id, later)).toBe('finished');
});

test('a task that is cancelled at that limit ends as out of budget', async () => {
  const needs = needsWith({ developer: 0 });
  const task = await stage.task();
  await drive(task.id, needs);
  const [question] = await pendingOf(task.id);
  await stage.store.questions.answer(question?.id ?? '', { kind: 'refused' }, 'human');
  expect(await drive(task.id, needs)).toBe('finished');
  expect(outcomeIn(await stage.events(task.id))).toMatchObject({ status: 'out-of-budget' });
});
