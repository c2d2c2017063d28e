import { afterAll, beforeAll, describe, expect } from 'vitest';
import { decision } from '../../../src/cli/__fixtures__/answers.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { LlmEnding } from '../../../src/llm/llm.ts';
import type { RunTaskNeeds } from '../../../src/workflows/run-task/needs.ts';
import { openSessionSlots } from '../../../src/workflows/run-task/session-slots.ts';
import { type ServeNeeds, serveTasks } from '../../../src/workflows/serve-tasks.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { backends } from '../queue/backends.ts';
import { gate } from '../queue/gate.ts';
import { queuesOn } from '../queue/queues.ts';
import { drive, openStage, type Stage, workWith } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
const deciding: RunTaskNeeds['llm'] = {
  isMetered: true,
  async ask<Answer>({ shape }: Parameters<RunTaskNeeds['llm']['ask']>[0]): Promise<LlmEnding<Answer>> {
    const read = shape.read(decision);
    if (!('answer' in read)) throw new Error(read.problems.join());
    return { kind: 'answered', answer: read.answer as Answer, askedAgain: false, cost };
  },
};

describe.each(backends)('tasks that are served by way of $name', ({ test, ...backend }) => {
  const { open } = queuesOn({ test, ...backend });

  test('tasks that wait for the place of a session keep nobody from being driven, and go on when there is one', async () => {
    const machine = `machine-${backend.name}` as ServeNeeds['machine'];
    const goOn = gate();
    const engine = scriptedEngine(() => workWith('green'));
    const places = openSessionSlots(async () => stage.store, { machine, most: 1, hasRoom: () => true, turn: () => 0 });
    // Whoever has the place keeps it until the test has seen enough.
    const needs = stage.needs(engine, {
      llm: deciding,
      slots: {
        async take(...given) {
          const slot = await places.take(...given);
          await goOn.opened;
          return slot;
        },
      },
    });
    const tasks: TaskId[] = [];
    for (let count = 0; count < 5; count += 1) tasks.push((await stage.task({ machine })).id);
    const stop = new AbortController();
    const ready = gate();
    const problems: string[] = [];
    const driven = new Set<TaskId>();
    const serving = serveTasks(
      {
        store: stage.store,
        queue: open(),
        machine,
        sessions: 2,
        isDriven: ({ id }) => driven.has(id),
        now: Date.now,
        responsePriority: () => 5,
        async drive(id, seat) {
          driven.add(id);
          try {
            return await drive(id, needs, { signal: stop.signal, seat });
          } finally {
            driven.delete(id);
          }
        },
        report: (problem) => problems.push(problem),
        ready: ready.open,
      },
      stop.signal,
    );
    await ready.opened;
    const waiting = () => Promise.all(tasks.map((id) => isWaitingForPlace(id)));
    await expect.poll(async () => (await waiting()).filter(Boolean).length, { timeout: 20_000 }).toBe(4);
    const { id: asked } = await stage.task({ machine, agent: 'decision-maker' });
    await expect.poll(() => stateOf(asked), { timeout: 20_000 }).toBe('finished');
    expect(await Promise.all(tasks.map(stateOf))).not.toContain('finished');
    goOn.open();
    for (const id of tasks) await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('finished');
    stop.abort();
    await serving;
    expect(problems).toEqual([]);
    expect(engine.live()).toBe(0);
  });

  test('whoever stops hands back also what waits for a place', async () => {
    const machine = `stopping-${backend.name}` as ServeNeeds['machine'];
    const needs = stage.needs(
      scriptedEngine(() => workWith('green')),
      {
        slots: {
          take: (signal, _agent, waits) =>
            new Promise((_, reject) => {
              waits?.();
              signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            }),
        },
      },
    );
    const tasks = [(await stage.task({ machine })).id, (await stage.task({ machine })).id];
    const stop = new AbortController();
    const ends: string[] = [];
    const [late, noMoreJobs] = [gate(), gate()];
    const queue = open();
    let isOver = false;
    const serving = serveTasks(
      {
        store: stage.store,
        queue: {
          ...queue,
          async work(...given) {
            const stopWorking = await queue.work(...given);
            return async () => {
              await stopWorking();
              noMoreJobs.open();
            };
          },
        },
        machine,
        sessions: 1,
        isDriven: ({ lease }) => lease !== undefined,
        now: Date.now,
        responsePriority: () => 5,
        async drive(id, seat) {
          const end = await drive(id, needs, { signal: stop.signal, seat });
          await late.opened;
          ends.push(end);
        },
        report: () => undefined,
        ready: () => undefined,
      },
      stop.signal,
    ).then(() => {
      isOver = true;
    });
    for (const id of tasks) await expect.poll(() => isWaitingForPlace(id), { timeout: 20_000 }).toBe(true);
    stop.abort();
    await noMoreJobs.opened;
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    late.open();
    await serving;
    expect(ends).toEqual(['left', 'left']);
    for (const id of tasks) expect((await stage.store.tasks.get(id))?.lease).toBeUndefined();
  });
});

async function isWaitingForPlace(id: TaskId): Promise<boolean> {
  return (await stage.events(id)).some(
    (event) => event.type === 'progress' && event.text.startsWith('Waiting: as many'),
  );
}

async function stateOf(id: TaskId): Promise<string | undefined> {
  return (await stage.store.tasks.get(id))?.state.kind;
}
