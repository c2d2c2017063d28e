import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentResources } from '../../../src/app/agent-resources.ts';
import { cyclesOf } from '../../../src/app/cycles.ts';
import { taskReports } from '../../../src/app/task-reports.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { limitsOf } from '../../../src/domain/budget.ts';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { Store } from '../../../src/store/store.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, type Stage, workWith } from '../run-task/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** The resources of the team, and the needs of tasks that are counted there; the clock is the test's. */
async function team(store: Store = stage.store) {
  const config = await loadConfig({ environment: { HOME: stage.folder } });
  const clock = { now: Date.now() };
  const agents = {
    ...config.agents,
    'project-manager': { ...config.agents['project-manager'], maxClaudeRequestsPerCycle: 4 },
  };
  const cycles = cyclesOf({ agents, system: config.system }, () => clock.now);
  const needs = stage.needs(
    scriptedEngine(() => workWith('green')),
    { expectedEfficiency: () => 1.5, now: () => clock.now },
  );
  const noLimits = { task: {}, agent: {}, project: {}, night: {}, all: {} };
  const { resources } = agentResources({
    ...needs,
    store: async () => store,
    shareOf: cycles.shareOf,
    cycle: cycles.current,
    async unfinished() {
      const tasks = (await stage.store.tasks.list(100)).filter(({ finishedAt }) => finishedAt === undefined);
      return taskReports(tasks, stage.store, { isDriven: () => false });
    },
  });
  return {
    clock,
    cycles,
    resources,
    needs: {
      ...needs,
      budget: {
        ...needs.budget,
        cycles,
        limitsOf: ({ id, agent }: Parameters<typeof needs.budget.limitsOf>[0]) =>
          limitsOf(noLimits, { taskId: id, agent, cycle: cycles.shareOf(agent).limit }),
      },
    },
  };
}

test('prompts, tasks, conversations and efficiency are those of the rows, of agents with and without a limit', async () => {
  const { resources, needs, cycles, clock } = await team();
  const green = await stage.task();
  expect(await drive(green.id, needs)).toBe('finished');
  const open = await stage.task();
  const id = 'talk0001' as ConversationId;
  const allowance = { each: 3, all: 15 };
  const members = ['developer', 'quality-assurance'] as const;
  await stage.store.conversations.open({ id, taskId: open.id, topic: 'work', members, allowance });
  const said = { conversationId: id, key: 'one', author: 'developer', text: 'Done.', mentions: [] } as const;
  await stage.store.conversations.publish(said);
  const manager = cycles.shareOf('project-manager').limit;
  await stage.store.budgets.grant(open.id, manager.scope, 'prompts', 2, 'human');

  const [developer, projectManager, qualityAssurance] = await resources();
  const { renewsAt } = manager;
  expect(developer).toEqual({
    role: 'developer',
    status: { kind: 'idle' },
    prompts: { spent: 1, renewsAt },
    tasks: [open.id],
    conversations: [{ id, topic: 'work', messages: 1 }],
    sessions: 0,
    efficiency: 1,
    isInefficient: true,
  });
  expect(projectManager).toMatchObject({ prompts: { spent: 0, limit: 6, renewsAt }, efficiency: null });
  expect(qualityAssurance?.conversations).toEqual([{ id, topic: 'work', messages: 0 }]);

  // In the next cycle nothing is spent, and what was granted is over.
  clock.now += 86_400_000;
  const [developerThen, managerThen] = await resources();
  expect(developerThen?.prompts.spent).toBe(0);
  expect(managerThen?.prompts.limit).toBe(4);
});

test('efficiency is computed once a minute at most, and no event of a task is read for it', async () => {
  const reads: string[] = [];
  const { resources, clock } = await team({
    ...stage.store,
    tasks: {
      ...stage.store.tasks,
      list: (limit) => {
        reads.push('tasks');
        return stage.store.tasks.list(limit);
      },
    },
    events: {
      ...stage.store.events,
      read: (filter, limit) => {
        reads.push('events');
        return stage.store.events.read(filter, limit);
      },
    },
  });
  await Promise.all([resources(), resources()]);
  clock.now += 59_000;
  await resources();
  expect(reads).toEqual(['tasks']);
  clock.now += 1_000;
  await resources();
  expect(reads).toEqual(['tasks', 'tasks']);
});
