import { beforeEach, expect, test } from 'vitest';
import type { AgentRole } from '../../../src/domain/agent.ts';
import { limitsOf } from '../../../src/domain/budget.ts';
import { cycleAt } from '../../../src/domain/cycle.ts';
import type { Origin } from '../../../src/domain/event.ts';
import type { MachineId } from '../../../src/domain/identifiers.ts';
import { outcomeOf } from '../../../src/domain/outcome.ts';
import type { LlmEnding } from '../../../src/llm/llm.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { RunTaskNeeds } from '../../../src/workflows/run-task/needs.ts';
import { type TellingNeeds, tellCoach, tellingOf, watchEfficiency } from '../../../src/workflows/tell-coach.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, outcomeIn, type Stage, typesOf } from '../run-task/stage.ts';
import { holder } from '../store/examples.ts';

const daySeconds = 86_400;
const dayMs = daySeconds * 1000;

let stage: Stage;
let clock: number;
beforeEach(async () => {
  stage = await openStage();
  clock = Date.now();
  return stage.close;
});

function telling(changes: Partial<TellingNeeds> = {}): TellingNeeds {
  return {
    store: stage.store,
    machine: 'machine-1' as MachineId,
    cycle: () => cycleAt(clock, daySeconds),
    now: () => clock,
    expectedEfficiency: () => 1,
    report: (problem) => {
      throw new Error(problem);
    },
    workspace: stage.folder,
    listeners: ['process-coach'],
    setting: { model: 'sonnet', roundTimeoutSeconds: 60 },
    ...changes,
  };
}

/** Tasks that came to their end, each after one prompt. */
async function finished(agent: AgentRole, status: 'succeeded' | 'failed', count: number, origin: Origin = 'cli') {
  for (let done = 0; done < count; done += 1) {
    const { id } = await stage.task({ agent, origin });
    const lease = await stage.store.tasks.lease(id, holder, 60);
    if (lease.kind !== 'leased') throw new Error(`the lease of a new task is ${lease.kind}`);
    const spent = { type: 'prompt.spent', taskId: id, agent, round: 1, used: 1, limit: 50 } as const;
    const outcome = outcomeOf([], { status, verified: status === 'succeeded' }, clock);
    await stage.store.tasks.advance({ taskId: id, attempt: lease.attempt }, { kind: 'finished', status }, [
      { news: spent },
      { news: { type: 'task.finished', taskId: id, outcome } },
    ]);
  }
}

/** A team in which the developer alone lies below what is usual. */
async function weakDeveloper(): Promise<void> {
  await finished('developer', 'succeeded', 1);
  await finished('developer', 'failed', 4);
  await finished('quality-assurance', 'succeeded', 5);
  await finished('decision-maker', 'succeeded', 5);
}

function told(store: Store = stage.store) {
  return store.events
    .read({ after: 0 }, 10_000)
    .then((events) => events.filter((event) => event.type === 'agent.inefficient'));
}

/** What the coach's task needs; the coach answers with these words, in its cycle of so many prompts. */
function speaking(words: string, prompts?: number) {
  const asked: string[] = [];
  const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
  const llm: RunTaskNeeds['llm'] = {
    isMetered: true,
    async ask<Answer>({ prompt, shape }: Parameters<RunTaskNeeds['llm']['ask']>[0]): Promise<LlmEnding<Answer>> {
      asked.push(prompt);
      const read = shape.read({ text: words });
      if (!('answer' in read)) throw new Error('a reply is a text');
      return { kind: 'answered', answer: read.answer as Answer, askedAgain: false, cost };
    },
  };
  const base = stage.needs(
    scriptedEngine(() => ({})),
    { llm },
  );
  const noLimits = { task: {}, agent: {}, project: {}, night: {}, all: {} };
  const cycle = prompts === undefined ? {} : { cycle: { scope: 'cycle:process-coach:1', limit: { prompts } } as const };
  const limits: RunTaskNeeds['budget']['limitsOf'] = ({ id, agent }) =>
    limitsOf(noLimits, { taskId: id, agent, ...(agent === 'process-coach' ? cycle : {}) });
  return { asked, needs: { ...base, budget: { ...base.budget, limitsOf: limits } } };
}

test('the coach is told once in a cycle, however often it is looked at, and news tells of it', async () => {
  await weakDeveloper();
  expect(await tellCoach(telling())).toEqual(['developer']);
  expect(await tellCoach(telling())).toEqual([]);
  const where = tellingOf('developer', cycleAt(clock, daySeconds));
  expect(await told()).toMatchObject([
    { ...where, agent: 'developer', efficiency: 0.2, expected: 1, median: 1, tasks: 5 },
  ]);
  expect(await stage.store.tasks.get(where.taskId)).toMatchObject({ agent: 'process-coach', origin: 'spiral' });
});

test('many processes that look at once tell it once', async () => {
  await weakDeveloper();
  const database = stage.databaseUrl;
  const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ databaseUrl: database })));
  try {
    const looks = [...stores, ...stores].map((store) => tellCoach(telling({ store })));
    expect((await Promise.all(looks)).flat()).toEqual(['developer']);
    expect(await told()).toHaveLength(1);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
});

test('in the next cycle it is told again only when the agent has finished something in it', async () => {
  await weakDeveloper();
  await tellCoach(telling());
  clock += dayMs;
  expect(await tellCoach(telling())).toEqual([]);
  clock -= dayMs;
  const nextDay = { begins: new Date(clock - 1), ends: new Date(clock + dayMs), number: 7 };
  expect(await tellCoach(telling({ cycle: () => nextDay }))).toEqual(['developer']);
});

test('neither too few tasks, nor a demo, nor what Spiral itself began make anybody inefficient', async () => {
  await finished('quality-assurance', 'succeeded', 5);
  await finished('decision-maker', 'succeeded', 5);
  await finished('developer', 'failed', 4);
  await finished('developer', 'failed', 1, 'demo');
  await finished('process-coach', 'failed', 5, 'spiral');
  expect(await tellCoach(telling())).toEqual([]);
  await finished('developer', 'failed', 1);
  expect(await tellCoach(telling())).toEqual(['developer']);
});

test('the coach reads the message, and answers it for one prompt of its own', async () => {
  await weakDeveloper();
  await tellCoach(telling());
  const { taskId, conversationId } = tellingOf('developer', cycleAt(clock, daySeconds));
  const { needs, asked } = speaking('Let it plan first.');
  expect(await drive(taskId, needs)).toBe('finished');
  const messages = await stage.store.conversations.messages(conversationId, 0, 10);
  expect(messages).toMatchObject([
    { author: 'project-manager', mentions: ['process-coach'] },
    { author: 'process-coach', text: 'Let it plan first.', answers: 1 },
  ]);
  expect(messages[0]?.text).toContain('The efficiency of the developer is 0.2');
  expect(asked).toHaveLength(1);
  const events = await stage.events(taskId);
  expect(events.filter((event) => event.type === 'prompt.spent')).toMatchObject([{ agent: 'process-coach' }]);
  expect(outcomeIn(events)).toMatchObject({ status: 'succeeded', promptsUsed: 1 });
  // Restarted, nothing is told and nothing is answered again.
  expect(await tellCoach(telling())).toEqual([]);
  expect(await drive(taskId, needs)).toBe('finished');
  expect(asked).toHaveLength(1);
});

test('a coach without prompts stays silent, and nobody is asked for more', async () => {
  await weakDeveloper();
  await tellCoach(telling());
  const { taskId, conversationId } = tellingOf('developer', cycleAt(clock, daySeconds));
  const { needs, asked } = speaking('Never said.', 0);
  expect(await drive(taskId, needs)).toBe('finished');
  expect(asked).toEqual([]);
  expect(await stage.store.conversations.messages(conversationId, 0, 10)).toHaveLength(1);
  const events = await stage.events(taskId);
  expect(typesOf(events)).not.toContain('question.asked');
  expect(outcomeIn(events)).toMatchObject({
    status: 'succeeded',
    reason: expect.stringContaining('nobody could answer'),
  });
});

test('whoever serves looks at once', async () => {
  await weakDeveloper();
  const stop = new AbortController();
  const watching = watchEfficiency(telling(), stop.signal);
  await expect.poll(async () => (await told()).length, { timeout: 10_000 }).toBe(1);
  stop.abort();
  await watching;
});
