import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { SpiralEvent } from '../../src/domain/event.ts';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';
import { redThenGreen, serveUntilFinished, task } from './two-rounds.ts';

const orphanLimitMs = 5000;
const wholeWalkMs = 15 * 60_000;
/** More than the size of one request lets expect, in USD. */
const mostOfEstimate = 0.05;
describe.each([embedded, configured])('with $name', ({ stage, needed }) => {
  needs(...needed, 'bwrap')(
    'a kill -9 of our process at any recorded step loses nothing and does nothing twice',
    async () => {
      const on = await stage(redThenGreen);
      try {
        const whole = await run(on.person, task(join(on.person.folder, 'whole')));
        expect(whole.exitCode).toBe(0);
        const costOfAnswer = costIn(whole.events) / on.requests.length;
        expect(costOfAnswer).toBeGreaterThan(0);
        // The last one tells that all is over: after it there is nothing left to interrupt.
        for (let step = 1; step < whole.events.length; step += 1) {
          await killedAt(step, on, costOfAnswer, `step ${step}, after ${whole.events[step - 1]?.type ?? 'nothing'}`);
        }
      } finally {
        await on.close();
      }
    },
    wholeWalkMs,
  );
});

function costIn(events: readonly SpiralEvent[]): number {
  return events.reduce((sum, event) => (event.type === 'task.finished' ? event.outcome.costUsd : sum), 0);
}

async function killedAt(step: number, on: Stage, costOfAnswer: number, where: string): Promise<void> {
  const workspace = join(on.person.folder, `step-${step}`);
  const answersBefore = on.requests.length;
  const running = start(on.person, task(workspace));
  await running.events(step);
  running.child.kill('SIGKILL');
  const { events: seen } = await running.ended();
  await until(
    () => processesMentioning(workspace),
    (left) => left.length === 0,
    orphanLimitMs,
  );
  const taskId = seen.flatMap((event) => (event.type === 'task.accepted' ? [event.taskId] : []))[0];
  if (taskId === undefined) throw new Error(`${where}: no task was accepted`);

  const events = await serveUntilFinished(on, taskId);
  const of = <Type extends SpiralEvent['type']>(type: Type) =>
    events.filter((event): event is SpiralEvent & { type: Type } => event.type === type);
  for (const once of ['task.accepted', 'task.analysed', 'task.finished'] as const) {
    expect(of(once), `${where}: ${once}`).toHaveLength(1);
  }
  expect(
    of('prompt.spent').map(({ round }) => round),
    where,
  ).toEqual([1, 2]);
  expect(new Set(of('engine.started').map(({ sessionId }) => sessionId)).size, `${where}: sessions`).toBe(1);
  const ours = of('tests.ran').filter(({ by }) => by === 'spiral');
  expect(
    ours.map(({ failed }) => failed),
    where,
  ).toEqual([1, 0]);
  const files = of('file.changed').map(({ path, change }) => `${change} ${path}`);
  expect(new Set(files).size, `${where}: ${files.join(', ')}`).toBe(files.length);
  const [end] = of('task.finished');
  expect(end?.outcome, where).toMatchObject({ status: 'succeeded', verified: true, promptsUsed: 2 });
  expect(end?.outcome.filesCreated, where).toEqual(['package.json', 'sum.js', 'sum.test.js']);

  // Everything that was asked of the model is booked, and booked once. Of the one request that the kill cut nobody knows the
  // real use: it is booked as far as it came, or by its size.
  const answers = on.requests.length - answersBefore;
  const cost = costIn(events);
  expect(cost, `${where}: ${answers} answers`).toBeLessThanOrEqual(answers * costOfAnswer + mostOfEstimate);
  expect(cost, `${where}: ${answers} answers`).toBeGreaterThanOrEqual((answers - 1) * costOfAnswer - 1e-9);
}
